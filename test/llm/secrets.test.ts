import { afterAll, afterEach, expect, spyOn, test } from 'bun:test'
import { redact } from '../../src/llm/redact.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Script } from '../support/upstream-scripts.ts'
import { apiKey, ask, startLlm } from './ask.ts'

const upstream = startUpstream()
const strangers = ['OPENAI_LOG', 'OPENAI_CUSTOM_HEADERS', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'] as const

afterEach(() => {
  upstream.reset()
  for (const name of strangers) delete process.env[name]
})
afterAll(() => upstream.stop())

const question = 'My bank PIN is 4929 1182'
const prompt = { messages: [{ role: 'user' as const, content: question }] }
const repeated = `Incorrect API key provided: ${apiKey}, sk-te****cret. You wrote: ${question}. Bearer ${apiKey}`

/** Everything that a program could find in an error, its chain of causes included. */
function everythingIn(error: unknown): string {
  const texts: string[] = []
  for (let current = error; current instanceof Error; current = current.cause) {
    const own = Object.fromEntries(
      Object.getOwnPropertyNames(current).map((key) => [key, Reflect.get(current as Error, key)]),
    )
    texts.push(JSON.stringify(own), String(current), Bun.inspect(current, { depth: 10 }))
  }
  return texts.join('\n')
}

test.each([
  ['401', { status: 401, body: JSON.stringify({ error: { message: repeated } }) }],
  ['a plain text', { status: 400, body: repeated }],
  ['500', { status: 500, body: JSON.stringify({ error: { message: repeated, code: apiKey } }) }],
  ['429', { status: 429, body: repeated, headers: { 'retry-after': '1', 'x-key': apiKey } }],
  ['an error in the stream', { end: 'error', error: { message: repeated, [apiKey]: apiKey } }],
  ['JSON with 200', { body: JSON.stringify({ error: repeated }) }],
  ['HTML', { body: `<p>${repeated}</p>` }],
  ['a malformed line', { raw: [`data: {"${repeated}\n\n`] }],
] as [string, Script][])('neither key nor question is told or logged: %s', async (_, script) => {
  const { llm, lines } = startLlm(upstream.url)
  upstream.play(script, script)
  const { error } = await ask(llm, 'normal', { prompt })
  expect(error).toBeInstanceOf(Error)
  const told = everythingIn(error)
  const logged = lines.join('\n')
  expect(logged).toContain('the model failed')
  for (const text of [told, logged]) {
    expect(text).not.toContain(apiKey)
    expect(text).not.toContain('sk-te')
    expect(text).not.toContain(question)
  }
  expect(told).not.toContain('Incorrect')
})

test('nor what stands in the address', async () => {
  const { llm, lines } = startLlm('http://someone:hidden-word@127.0.0.1:1/v1?key=hidden-word')
  const { error } = await ask(llm, 'normal')
  expect(everythingIn(error) + lines.join('\n')).not.toContain('hidden-word')
})

test('the log says what the provider said', async () => {
  const { llm, lines } = startLlm(upstream.url)
  upstream.play({ status: 402, body: JSON.stringify({ error: { message: 'Insufficient Balance' } }) })
  await ask(llm, 'normal')
  const line = JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>
  expect(line).toMatchObject({ level: 'warn', provider: 'test', status: 402, code: 'provider_rejected' })
  expect(line.excerpt).toContain('Insufficient Balance')
})

test('what OPENAI_* says to the SDK reaches no provider and no log', async () => {
  process.env.OPENAI_LOG = 'debug'
  process.env.OPENAI_CUSTOM_HEADERS = 'X-Stranger: yes\nAuthorization: Bearer stranger'
  process.env.OPENAI_ORG_ID = 'org-stranger'
  process.env.OPENAI_PROJECT_ID = 'project-stranger'
  const printed = (['debug', 'info', 'warn', 'error', 'log'] as const).map((name) => spyOn(console, name))
  const { llm } = startLlm(upstream.url)
  await ask(llm, 'normal')
  expect(printed.reduce((sum, spy) => sum + spy.mock.calls.length, 0)).toBe(0)
  for (const spy of printed) spy.mockRestore()
  const headers = upstream.requests[0]?.headers ?? {}
  expect(JSON.stringify(headers)).not.toContain('stranger')
  expect(headers.authorization).toBe(`Bearer ${apiKey}`)
  expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([])
})

test('an excerpt is one short line', () => {
  const line = redact(`a\n\tb ${'x '.repeat(500)}`, [])
  expect(line).toStartWith('a b x')
  expect(line.length).toBeLessThanOrEqual(300)
})

test('what looks like a key is taken out, known or not', () => {
  const line = redact('key sk-proj-abc123DEF and 0123456789abcdef0123456789abcdef or sk-ab***yz: bad', [])
  expect(line).toBe('key [redacted] and [redacted] or [redacted]: bad')
})
