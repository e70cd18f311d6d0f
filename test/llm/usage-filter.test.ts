import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createUsageFilter } from '../../src/llm/usage-filter.ts'

const utf8 = new TextEncoder()
const chunk = (more: object) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...more })}\n\n`
const said = (content: string, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason }], usage: null })
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }

const opening = chunk({ choices: [], prompt_filter_results: [] })
const words = said('a "choices":[] of “字”') + said('\n\n"finish_reason":"stop"') + said('', 'stop')
const counted = chunk({ choices: [], usage })
const end = 'data: [DONE]\n\n'

function filtered(stream: string, cuts: number[]): string {
  const bytes = utf8.encode(stream)
  const filter = createUsageFilter()
  const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
  const left = places.slice(1).flatMap((place, at) => filter.pass(bytes.slice(places[at], place)) ?? [])
  return Buffer.concat([...left, filter.rest() ?? new Uint8Array()]).toString()
}

test('the usage that was not asked for is taken out, wherever the network cuts', () => {
  const stream = opening + words + counted + end
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      expect(filtered(stream, cuts)).toBe(opening + words + end)
    }),
    { numRuns: 1000 },
  )
  const everyByte = Array.from({ length: utf8.encode(stream).length }, (_, at) => at)
  expect(filtered(stream, everyByte)).toBe(opening + words + end)
})

test('all else is left as it is', () => {
  for (const stream of [
    opening + words + end,
    words + chunk({ choices: [{ index: 0, delta: {} }], usage }) + end,
    words + chunk({ choices: [] }) + end,
    words.replaceAll('\n\n', '\r\n\r\n') + end,
    words + end.trim(),
    `${words}data: {"choices":[],"usage":{"prom`,
    'no stream at all',
  ]) {
    fc.assert(fc.property(fc.array(fc.nat()), (cuts) => expect(filtered(stream, cuts)).toBe(stream)))
  }
})

test('a server that writes spaces and other line ends is understood', () => {
  const spaced = `data: {"choices": [{"index": 0, "finish_reason": "stop"}]}\r\n\r\ndata: {"choices": [], "usage": {"prompt_tokens": 1}}\r\n\r\n`
  expect(filtered(spaced + end, [5, 60, 70])).toBe(spaced.slice(0, spaced.indexOf('data:', 5)) + end)
})
