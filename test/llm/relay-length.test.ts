import { describe, expect, test } from 'bun:test'
import type { RelayPath } from '../../src/llm/llm.ts'
import { createLengthWatch } from '../../src/llm/relay-length.ts'
import { createMeter } from '../../src/llm/relay-meter.ts'

const estimate = (text: string) => text.length

/** What is handed on of these pieces, and how often all of them were read. */
function passOn(path: RelayPath, pieces: string[], mostTokens: number) {
  const meter = createMeter({
    path,
    count: 2,
    isStream: true,
    estimate,
    memory: { bytes: 0 },
  })
  let looks = 0
  const counting = {
    delivered() {
      looks++
      return meter.delivered()
    },
  }
  const watch = createLengthWatch({ path, meter: counting, estimate, mostTokens, count: 2 })
  let text = ''
  for (const piece of pieces) {
    const bytes = Buffer.from(piece)
    meter.push(bytes)
    const cut = watch.cut(bytes)
    text += Buffer.from(cut ?? bytes).toString()
    if (cut !== null) return { text, looks, isCut: true }
  }
  return { text, looks, isCut: false }
}

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' }
const chunk = (content: string) =>
  `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta: { content } }] })}\n\n`

describe('a stream that grows too long', () => {
  test('ends behind a whole line, each of its answers for its length', () => {
    const all = chunk('xxxx').repeat(200)
    const pieces = Array.from({ length: all.length / 50 }, (_, at) => all.slice(at * 50, (at + 1) * 50))
    const { text, isCut } = passOn('/chat/completions', [chunk(''), ...pieces], 40)
    expect(isCut).toBe(true)
    const events = text.split('\n').filter((line) => line.startsWith('data: '))
    expect(events.at(-1)).toBe('data: [DONE]')
    const [end, ...said] = events
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice(6)))
      .toReversed()
    expect(said.length).toBeWithin(10, 40)
    expect(end).toMatchObject({
      ...head,
      choices: [
        { index: 0, delta: {}, finish_reason: 'length' },
        { index: 1, delta: {}, finish_reason: 'length' },
      ],
    })
  })

  test('ends as an incomplete response', () => {
    const event = (type: string, more: object) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
    const opening = event('response.created', { sequence_number: 0, response: { id: 'r1', model: 'm' } })
    const deltas = Array.from({ length: 200 }, (_, at) =>
      event('response.output_text.delta', { sequence_number: at + 1, delta: 'xxxxxxxx' }),
    )
    const { text } = passOn('/responses', [opening, ...deltas], 100)
    const last = text.trimEnd().split('\n').at(-1) ?? ''
    expect(JSON.parse(last.slice(6))).toMatchObject({
      type: 'response.incomplete',
      sequence_number: expect.any(Number),
      response: {
        id: 'r1',
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      },
    })
    expect(text.length).toBeLessThan(200 * 100)
  })

  test('is not read while its opening says that it is short, and left alone when it has ended', () => {
    const answer = [...Array<string>(500).fill(chunk('x')), 'data: [DONE]\n\n']
    const short = passOn('/chat/completions', answer, 5000)
    expect(short).toEqual({ text: answer.join(''), looks: 0, isCut: false })
    const whole = passOn('/chat/completions', [answer.join('')], 10)
    expect(whole).toEqual({ text: answer.join(''), looks: 1, isCut: false })
  })

  test('is read where its opening says nothing, and where it grows long after all', () => {
    const silent = [...Array<string>(20).fill(chunk('')), ...Array<string>(500).fill(chunk('x'.repeat(50)))]
    expect(passOn('/chat/completions', silent, 1500)).toMatchObject({ isCut: true })
    const steady = Array<string>(500).fill(chunk('xxxxx'))
    const { text, isCut, looks } = passOn('/chat/completions', steady, 1500)
    expect(isCut).toBe(true)
    expect(text.match(/xxxxx/g)?.length).toBeWithin(300, 330)
    expect(looks).toBeWithin(1, 10)
  })
})
