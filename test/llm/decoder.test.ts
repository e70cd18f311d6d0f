import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { LlmEvent } from '../../src/llm/llm.ts'
import { createDecoder } from '../../src/llm/stream.ts'

const utf8 = new TextEncoder()

/** Decodes bytes that arrive cut at these places. */
function decode(bytes: Uint8Array, cuts: number[] = []) {
  const decoder = createDecoder()
  const events: LlmEvent[] = []
  let from = 0
  for (const cut of [...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
    events.push(...decoder.push(bytes.subarray(from, cut)))
    from = cut
  }
  events.push(...decoder.end())
  return { events, failure: decoder.state.failure, done: decoder.state.done }
}

const decodeText = (text: string) => decode(utf8.encode(text))

/** One line of JSON as an event. */
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const said = (content: unknown, rest: object = {}) => ({
  choices: [{ index: 0, delta: { content }, ...rest }],
})
const finished = (reason = 'stop') => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })
const finish = { type: 'finish', reason: 'stop' } as const

type Part = { chunk: unknown; expected: LlmEvent | null } | { noise: string }

const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  anyText.map((text): Part => ({ chunk: said(text), expected: { type: 'delta', text } })),
  anyText.map(
    (text): Part => ({
      chunk: { choices: [{ index: 0, delta: { content: null, reasoning_content: text } }] },
      expected: { type: 'reasoning', text },
    }),
  ),
  fc
    .constantFrom<unknown>(said(''), said(null), { choices: [] }, { choices: null, usage: null }, {}, null)
    .map((chunk): Part => ({ chunk, expected: null })),
  fc
    .constantFrom(': keep-alive', ':', 'event: message', 'id: 7', 'retry: 100', 'data', 'data:', 'unknown')
    .map((noise): Part => ({ noise })),
)

const anyStream = fc
  .record({
    parts: fc.array(anyPart, { maxLength: 12 }),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    space: fc.constantFrom(' ', ''),
    pretty: fc.boolean(),
    mark: fc.boolean(),
    ending: fc.constantFrom('finish', 'done', 'both'),
    usage: fc.option(fc.record({ prompt: fc.nat(9999), completion: fc.integer({ min: 1, max: 9999 }) })),
  })
  .map(({ parts, lineEnd, space, pretty, mark, ending, usage }) => {
    const write = (chunk: unknown) =>
      `${JSON.stringify(chunk, null, pretty ? 1 : undefined)
        .split('\n')
        .map((line) => `data:${space}${line}${lineEnd}`)
        .join('')}${lineEnd}`
    const body = parts.map((part) => ('noise' in part ? part.noise + lineEnd : write(part.chunk))).join('')
    const tail = [
      ending === 'done' ? '' : write(finished('length')),
      usage === null
        ? ''
        : write({ choices: [], usage: { prompt_tokens: usage.prompt, completion_tokens: usage.completion } }),
      ending === 'finish' ? '' : `data:${space}[DONE]${lineEnd}${lineEnd}`,
    ].join('')
    const expected: LlmEvent[] = parts.flatMap((part) =>
      'chunk' in part && part.expected ? [part.expected] : [],
    )
    const last: LlmEvent[] = [{ type: 'finish', reason: ending === 'done' ? 'stop' : 'length' }]
    if (usage !== null) {
      const { prompt, completion } = usage
      const counted = { promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion }
      last.push({ type: 'usage', usage: counted })
    }
    const begin = mark ? '\ufeff' : ''
    return { body: utf8.encode(begin + body), bytes: utf8.encode(begin + body + tail), expected, last }
  })

test('any split of any valid stream decodes to the same events', () => {
  fc.assert(
    fc.property(anyStream, fc.array(fc.nat(3000), { maxLength: 40 }), ({ bytes, expected, last }, cuts) => {
      const { events, failure } = decode(bytes, cuts)
      expect(failure).toBeNull()
      expect(events).toEqual([...expected, ...last])
    }),
    { numRuns: 300 },
  )
})

test('byte by byte it is the same too', () => {
  fc.assert(
    fc.property(anyStream, ({ bytes, expected, last }) => {
      const { events } = decode(
        bytes,
        Array.from(bytes, (_, at) => at),
      )
      expect(events).toEqual([...expected, ...last])
    }),
    { numRuns: 100 },
  )
})

test('a stream cut anywhere before its finish reason is a failure, and what came before is kept', () => {
  fc.assert(
    fc.property(anyStream, fc.double({ min: 0, max: 1, noNaN: true }), ({ body, expected }, share) => {
      const { events, failure } = decode(body.subarray(0, Math.floor(body.length * share)))
      expect(failure?.code).toBe('provider_unavailable')
      expect(events).toEqual(expected.slice(0, events.length))
    }),
    { numRuns: 200 },
  )
})

test('bytes without meaning neither throw nor make text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300)), (bytes, cuts) => {
      const { events, failure } = decode(bytes, cuts)
      expect(failure?.code).toBe('provider_unavailable')
      expect(events).toEqual([])
    }),
  )
})

test('events need neither a blank line between them nor one at the end', () => {
  const line = (value: unknown) => `data: ${JSON.stringify(value)}`
  const { events } = decodeText(`${line(said('a'))}\n${line(said('b'))}\ndata: [DONE]`)
  expect(events).toEqual([{ type: 'delta', text: 'a' }, { type: 'delta', text: 'b' }, finish])
})

test('nothing counts after [DONE]', () => {
  const { events } = decodeText(`data: [DONE]\n\n${event(said('late'))}data: {broken\n\n`)
  expect(events).toEqual([finish])
})

test('a finish reason is a word: the database takes no NUL and no half character, and nobody needs a novel', () => {
  for (const reason of ['content_filter', 'MAX-TOKENS', 'x'.repeat(64)]) {
    expect(decodeText(event(finished(reason))).events).toEqual([{ type: 'finish', reason }])
  }
  for (const reason of ['st\0op', '\ud800', 'x'.repeat(65), 'two words', '\n']) {
    expect(decodeText(event(finished(reason))).events).toEqual([finish])
  }
})

test('trouble after the finish reason does not spoil the answer', () => {
  for (const trouble of ['data: {"choi', 'data: {broken\n\n', event({ error: { message: 'late' } })]) {
    const { events, failure } = decodeText(event(said('a')) + event(finished()) + trouble)
    expect(events).toEqual([{ type: 'delta', text: 'a' }, finish])
    expect(failure).toBeNull()
  }
})

test('only the first of several choices is heard', () => {
  const both = {
    choices: [
      { index: 1, delta: { content: 'B' } },
      { index: 0, delta: { content: 'A' } },
    ],
  }
  const other = { choices: [{ index: 1, delta: { content: 'B' }, finish_reason: 'length' }] }
  const { events } = decodeText(event(both) + event(other) + event(finished()))
  expect(events).toEqual([{ type: 'delta', text: 'A' }, finish])
})

test('reasoning is heard under both of its names, and a refusal is text', () => {
  const deltas = [{ reasoning: 'hm' }, { reasoning_content: '嗯', content: '' }, { refusal: 'No.' }]
  const chunks = deltas.map((delta) => event({ choices: [{ delta }] }))
  const { events } = decodeText(chunks.join('') + event(finished()))
  expect(events).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: '嗯' },
    { type: 'delta', text: 'No.' },
    finish,
  ])
})

test('the last usage counts, wherever it stands', () => {
  const first = said('a', { usage: { prompt_tokens: 1, completion_tokens: 1 } })
  const last = { ...finished(), usage: { prompt_tokens: 3, completion_tokens: 4.9, total_tokens: 99 } }
  const { events } = decodeText(event(first) + event(last))
  const usage = { promptTokens: 3, completionTokens: 4, totalTokens: 99 }
  expect(events).toEqual([{ type: 'delta', text: 'a' }, finish, { type: 'usage', usage }])
})

test('a count that more of the answer has followed is none', () => {
  const first = said('a', { usage: { prompt_tokens: 3, completion_tokens: 1 } })
  const more = ['b', 'c', 'd', 'e'].map((text) => event(said(text))).join('')
  for (const end of [event(finished()), '']) {
    const { events } = decodeText(event(first) + more + end)
    expect(events.filter(({ type }) => type === 'usage')).toEqual([])
  }
})

test.each([
  [{ prompt_tokens_details: { cached_tokens: 2 } }, { cachedTokens: 2 }],
  [{ prompt_cache_hit_tokens: 1, prompt_cache_miss_tokens: 2 }, { cachedTokens: 1 }],
  [{ completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0 } }, { reasoningTokens: 4 }],
  [{ prompt_tokens_details: { cached_tokens: 9 } }, { cachedTokens: 3 }],
  [{ prompt_tokens_details: { cached_tokens: -9 }, completion_tokens_details: null }, {}],
])('parts of a usage: %j', (details, parts) => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, ...details }
  const { events } = decodeText(event({ choices: [], usage }) + event(finished()))
  const expected = { promptTokens: 3, completionTokens: 4, totalTokens: 7, ...parts }
  expect(events.at(-1)).toEqual({ type: 'usage', usage: expected })
})

test.each([
  [{ prompt_tokens: -1, completion_tokens: 5, total_tokens: 4 }],
  [{ prompt_tokens: 1, completion_tokens: 1e18, total_tokens: 1e18 }],
  [{ prompt_tokens: '1', completion_tokens: '2' }],
  [{ prompt_tokens: null, completion_tokens: null }],
  [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
  [{ total_tokens: 5 }],
  ['many'],
  [[]],
])('usage %j is not believed', (usage) => {
  const { events } = decodeText(event({ choices: [], usage }) + event(finished()))
  expect(events).toEqual([finish])
})

test.each([[{ total_tokens: -7 }], [{ total_tokens: 2 }], [{}]])(
  'a total %j below its parts is their sum',
  (total) => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, ...total }
    const { events } = decodeText(event({ choices: [], usage }) + event(finished()))
    expect(events.at(-1)).toEqual({
      type: 'usage',
      usage: { promptTokens: 3, completionTokens: 4, totalTokens: 7 },
    })
  },
)

test.each([
  [{ error: { message: 'died', code: 500 } }, 'provider_unavailable'],
  [{ error: 'died' }, 'provider_unavailable'],
  [{ error: { message: 'x', code: '429' } }, 'rate_limited'],
  [{ error: { message: 'x', type: 'rate_limit_error' } }, 'rate_limited'],
  [{ error: { message: 'x', code: 400 } }, 'provider_rejected'],
  [{ object: 'error', message: 'too long', code: 400 }, 'provider_rejected'],
  [{ code: 'InvalidParameter', message: 'bad', request_id: '1' }, 'provider_unavailable'],
])('the error %j in a stream is %s', (error, code) => {
  const { events, failure } = decodeText(event(said('a')) + event(error) + event(said('b')))
  expect(events).toEqual([{ type: 'delta', text: 'a' }])
  expect(failure?.code).toBe(code as 'rate_limited')
})

test('a body of JSON instead of a stream is an error, or a whole answer', () => {
  const refused = decodeText(JSON.stringify({ error: { message: 'not loaded' } }, null, 2))
  expect(refused.events).toEqual([])
  expect(refused.failure?.code).toBe('provider_unavailable')
  const whole = { choices: [{ message: { content: '你好' }, finish_reason: 'length' }] }
  const { events, failure } = decode(utf8.encode(`\n ${JSON.stringify(whole, null, 2)}\n`), [1, 2, 40, 50])
  expect(failure).toBeNull()
  expect(events).toEqual([
    { type: 'delta', text: '你好' },
    { type: 'finish', reason: 'length' },
  ])
})

test.each([
  ['nothing', ''],
  ['HTML', '\n<!doctype html><title>hello</title>'],
  ['half a JSON body', '{"choices": ['],
  ['a JSON body that says nothing', '{"status": "ok"}'],
  ['a line of a mebibyte, arrived at once', `data: {"x":"${'y'.repeat(1 << 20)}"}\n\ndata: [DONE]\n\n`],
  ['a line that is not JSON', 'data: {"choices": [}\n\n'],
  ['a word', 'data: ping\n\n'],
])('%s is a failure', (_, text) => {
  const { events, failure } = decodeText(text)
  expect(events).toEqual([])
  expect(failure?.code).toBe('provider_unavailable')
})

test.each([
  ['one line', 'data: {"x":"', 'y'],
  ['one event of many lines', 'data: {\n', `data: "${'y'.repeat(120)}",\n`],
  ['a JSON body', '{"x":"', 'y'],
])('more than a mebibyte in %s is refused while it arrives', (_, begin, more) => {
  const decoder = createDecoder()
  decoder.push(utf8.encode(begin))
  const piece = utf8.encode(more.repeat(65_536 / more.length))
  let pieces = 0
  while (!decoder.state.failure && pieces < 160) {
    decoder.push(piece)
    pieces++
  }
  expect(decoder.state.failure?.code).toBe('provider_unavailable')
  expect(pieces).toBeLessThan(20)
  expect(decoder.push(utf8.encode(event(said('a'))))).toEqual([])
})
