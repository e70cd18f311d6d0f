import { heapStats } from 'bun:jsc'
import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { frameOf, readFramed } from '../../src/llm/frame.ts'
import type { LlmEvent } from '../../src/llm/llm.ts'
import { createDecoder } from '../../src/llm/stream.ts'

const utf8 = new TextEncoder()

/** What has every chance to be taken for something else: for JSON, for its own name, for the end of a line. */
const awkward = [
  'content',
  'x',
  'stop',
  ':',
  ',',
  '"',
  '\\',
  '\\"',
  '"},',
  '\n',
  'data: ',
  '你好',
  '🙂',
  '\ud83d',
]
const anyText = fc.oneof(fc.constantFrom('', ...awkward), fc.string({ unit: 'binary', maxLength: 6 }))

/** A chunk's JSON as some server may write it, with its text in more places than one. */
const anyShape = fc
  .record({
    name: fc.constantFrom('content', 'reasoning_content', 'reasoning', 'refusal'),
    others: fc.array(fc.constantFrom('id', 'model', 'role', 'content', 'reasoning'), { maxLength: 3 }),
    isTwice: fc.boolean(),
    isAscii: fc.boolean(),
    isLoose: fc.boolean(),
    finish: fc.constantFrom('', ',"finish_reason":null', ',"finish_reason":"stop"'),
    tokens: fc.option(fc.nat(99)),
  })
  .map(({ name, others, isTwice, isAscii, isLoose, finish, tokens }) => (text: string) => {
    const quoted = isAscii ? ascii(JSON.stringify(text)) : JSON.stringify(text)
    const colon = isLoose ? ' : ' : ':'
    const fields = [...others, name, ...(isTwice ? [name] : [])].map((key) => `"${key}"${colon}${quoted}`)
    const usage = tokens === null ? 'null' : `{"prompt_tokens":1,"completion_tokens":${tokens}}`
    return `{"id"${colon}${quoted},"choices":[{"delta":{${fields.join(',')}}${finish}}],"usage":${usage}}`
  })

const ascii = (json: string) =>
  json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Of three shapes at most, so that lines are alike. */
const anyLines = fc
  .tuple(
    fc.array(anyShape, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), anyText), { maxLength: 12 }),
  )
  .map(([shapes, lines]) => lines.map(([at, text]) => `data: ${shapes[at % shapes.length]?.(text)}\n`))

test('lines that are alike are read as if they were not', () => {
  const read = (parts: Uint8Array[]) => {
    const decoder = createDecoder()
    return [...parts.flatMap((part) => decoder.push(part)), ...decoder.end(), decoder.state.failure?.reason]
  }
  const unlike = (line: string, at: number) => (at % 2 === 0 ? line : line.replace('data: ', 'data:'))
  fc.assert(
    fc.property(anyLines, fc.constantFrom('', '\n'), fc.array(fc.nat(2000)), (lines, blank, cuts) => {
      const bytes = utf8.encode(lines.map((line) => line + blank).join(''))
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const parts = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end))
      expect(read(parts)).toEqual(read([utf8.encode(lines.map(unlike).join(''))]))
    }),
    { numRuns: 1000 },
  )
})

test('a frame stands around the text that is read, not around its like', () => {
  const line = 'data: {"id":"Hi","choices":[{"delta":{"role":"Hi","content":"Hi"}}]}'
  expect(frameOf(line, { type: 'delta', text: 'Hi' })).toBeNull()
  expect(frameOf(line.replace('"id":"Hi"', '"id":"1"'), { type: 'delta', text: 'Hi' })).toBeNull()
  const clear = 'data: {"id":"1","choices":[{"delta":{"content":"Hi"}}]}'
  expect(frameOf(clear, { type: 'delta', text: 'Hi' })).toEqual({
    type: 'delta',
    before: 'data: {"id":"1","choices":[{"delta":{"content":"',
    after: '"}}]}\n',
  })
})

test('a line that says more than its text has no frame', () => {
  const line = (rest: string) => `data: {"choices":[{"delta":{"content":"Hi"}${rest}`
  const says = (rest: string) => frameOf(line(rest), { type: 'delta', text: 'Hi' })
  expect(says('}],"usage":null}')).not.toBeNull()
  expect(says('}],"usage":{"prompt_tokens":1,"completion_tokens":2}}')).toBeNull()
  expect(says(',"finish_reason":"stop"}]}')).toBeNull()
})

test.each([
  ['another frame', '{"say": "b"} \n'],
  ['a line that has not ended', '{"say": "b"}'],
  ['a quotation mark in the text', '{"say": "b\\""}\n'],
  ['a text that goes on behind what looks like its end', '{"say": "b\\"}\n"}\n'],
  ['a line break in the text', '{"say": "b\n"}\n'],
  ['an escape that is none', '{"say": "\\x"}\n'],
  ['more than is allowed', `{"say": "${'b'.repeat(89)}"}\n`],
])('%s is left to be read otherwise', (_, line) => {
  const frame = { type: 'delta', before: '{"say": "', after: '"}\n' } as const
  const events: LlmEvent[] = []
  const lines = `{"say": "a"}\n\n${line}{"say": "c"}\n`
  expect(readFramed(frame, lines, { start: 0, maxLength: 99 }, events)).toBe(14)
  expect(events).toEqual([{ type: 'delta', text: 'a' }])
})

test('what is kept of an answer does not keep the bytes it came with', () => {
  const line = (text: string) => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`
  const bytes = utf8.encode(line('Hi') + line('there').repeat(20_000))
  const before = usedMegabytes()
  const kept = Array.from({ length: 100 }, () => {
    const decoder = createDecoder()
    const texts = decoder.push(bytes).slice(0, 3)
    decoder.push(utf8.encode('\n'))
    return [decoder, texts]
  })
  expect(usedMegabytes() - before).toBeLessThan(20)
  expect(kept).toHaveLength(100)
})

function usedMegabytes(): number {
  Bun.gc(true)
  const { heapSize, extraMemorySize } = heapStats()
  return (heapSize + extraMemorySize) / 1e6
}
