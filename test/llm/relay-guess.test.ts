import { expect, test } from 'bun:test'
import type { RelayPath } from '../../src/llm/llm.ts'
import { createMeter } from '../../src/llm/relay-meter.ts'

/** A meter of a stream that has come so far, and how many characters of text were read of it. */
function meterOf(path: RelayPath = '/chat/completions') {
  let read = 0
  const estimate = (text: string) => {
    read += text.length
    return text.length
  }
  const meter = createMeter({ path, count: 1, isStream: true, estimate, memory: { bytes: 0 } })
  return {
    meter,
    read: () => read,
    /** In pieces whose ends have nothing to do with lines. */
    push(text: string) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at += 1000) meter.push(bytes.subarray(at, at + 1000))
    },
  }
}

const chunk = (content: string, more = {}) =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content }, ...more }] })}\n\n`
const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`

test('of a stream that goes slowly all is counted, to the last whole line', () => {
  const { meter, push } = meterOf()
  expect(meter.tokensSoFar()).toBe(0)
  push(chunk('ab'))
  expect(meter.tokensSoFar()).toBe(2)
  push(chunk('思考').slice(0, -9))
  expect(meter.tokensSoFar()).toBe(2)
  push(`${chunk('思考').slice(-9)}: keep-alive\n\n`)
  expect(meter.tokensSoFar()).toBe(4)
  for (let at = 0; at < 20; at++) push(chunk('abc'))
  expect(meter.tokensSoFar()).toBe(64)
  expect(meter.tokensSoFar()).toBe(64)
})

test('of one that goes fast hardly anything is read, whatever becomes of it', () => {
  const { meter, push, read } = meterOf()
  let said = 0
  for (let second = 0; second < 30; second++) {
    const text = second < 15 ? 'abcd' : '思考'
    for (let at = 0; at < 1000; at++) push(chunk(text))
    said += 1000 * text.length
    expect(Math.abs(meter.tokensSoFar() - said) / said).toBeLessThan(0.02)
  }
  expect(read()).toBeLessThan(said / 10)
  // What is read is no longer guessed.
  expect(meter.delivered().tokens).toBe(said)
  expect(meter.tokensSoFar()).toBe(said)
  push(chunk('more'))
  expect(meter.tokensSoFar()).toBe(said + 4)
})

test('lines of any length are counted', () => {
  const { meter, push } = meterOf()
  for (let at = 0; at < 40; at++) push(chunk('abc', { logprobs: 'x'.repeat(6000) }))
  expect(meter.tokensSoFar()).toBeWithin(118, 122)
})

test('what a response says of its question is no part of it', () => {
  const { meter, push } = meterOf('/responses')
  const response = { id: 'r1', instructions: 'Be kind. '.repeat(2000) }
  push(event('response.created', { response }))
  expect(meter.tokensSoFar()).toBe(0)
  push(event('response.in_progress', { response }))
  for (let at = 0; at < 1000; at++) push(event('response.output_text.delta', { delta: 'abcd' }))
  expect(meter.tokensSoFar()).toBeWithin(3950, 4050)
})
