import { afterAll, beforeEach, expect, test } from 'bun:test'
import { createLog } from '../../src/lib/log.ts'
import { createAccessRing } from '../../src/llm/access-ring.ts'
import { BeginFailure } from '../../src/llm/fault.ts'
import type { RelayQuestion } from '../../src/llm/llm.ts'
import { createQuirks } from '../../src/llm/quirks.ts'
import { createRelay } from '../../src/llm/relay.ts'
import { errorOf } from '../modules/auth/accounts.ts'

/** A provider that says what the test lets it say. */
const answers: { key: string | null; say(text: string): void; end(): void }[] = []
let onAsked = () => {}
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: answer })
beforeEach(() => void answers.splice(0))
afterAll(() => server.stop(true))

function answer({ headers }: Request): Response {
  const body = new ReadableStream({
    start(controller) {
      answers.push({
        key: headers.get('authorization')?.replace('Bearer ', '') ?? null,
        say: (text) => controller.enqueue(new TextEncoder().encode(text)),
        end: () => controller.close(),
      })
      onAsked()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** The next answer, once it is asked for. */
async function asked(count: number) {
  while (answers.length < count) {
    await new Promise<void>((resolve) => {
      onAsked = resolve
    })
  }
  const last = answers[count - 1]
  if (last === undefined) throw new Error('nobody was asked')
  return last
}

function open(patienceMs?: number) {
  const ring = createAccessRing()
  const baseUrl = `http://127.0.0.1:${server.port}/v1`
  ring.set(['a', 'b'].map((id) => ({ id, provider: 'test', baseUrl, apiKey: id })))
  const relay = createRelay({
    provider: { name: 'test', organization: null },
    settings: { timeoutSeconds: 20, idleTimeoutSeconds: 20, maxRetries: 0 },
    ring,
    quirks: createQuirks(),
    log: createLog('silent', () => {}),
    ownModel: async () => 'm',
    ...(patienceMs === undefined ? {} : { patienceMs }),
  })
  return { ring, ask: () => relay(question, 'm', new AbortController().signal) }
}

const question: RelayQuestion = {
  path: '/chat/completions',
  bodyFor: () => '{}',
  atMost: () => question,
  addsLength: false,
  cutTokens: null,
  mayAskForUsage: false,
  count: 1,
  estimate: (text) => text.length,
  prompt: () => ({ messages: [], isStream: true }),
}

const comment = ': keep-alive\n\n'
const word = 'data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}\n\n'
const refused = 'data: {"error":{"message":"no","code":401}}\n\n'

test.each([
  ['an end', (one: (typeof answers)[number]) => one.end()],
  ['a refusal', (one: (typeof answers)[number]) => one.say(refused)],
])('comments are no answer: after %s behind them another key is asked', async (_, fail) => {
  const { ring, ask } = open()
  const answering = ask()
  const first = await asked(1)
  first.say(comment)
  first.say('\r\n: still queue')
  first.say(`d\n\n${comment}`)
  fail(first)
  const second = await asked(2)
  second.say(comment)
  second.say(': and a word')
  second.say(`\n\n${word}`)
  const answered = await answering
  expect(answered?.beganAt()).toBeNumber()
  // Nothing is lost of what was kept back, and nothing is changed.
  expect(Buffer.from((await answered?.next()) ?? []).toString()).toBe(`${comment}: and a word\n\n${word}`)
  expect([first.key, second.key, ring.restSeconds('a') > 0, ring.restSeconds('b')]).toEqual([
    'a',
    'b',
    true,
    0,
  ])
  second.end()
  expect(await answered?.next()).toBeNull()
})

test('nobody waits for ever: they are handed on after a while, and the first word still is what follows', async () => {
  const { ring, ask } = open(1)
  const answering = ask()
  const first = await asked(1)
  const refusing = ask()
  const second = await asked(2)
  for (const one of [first, second]) one.say(comment)
  const answered = await answering
  expect(answered?.beganAt()).toBeNull()
  expect(Buffer.from((await answered?.next()) ?? []).toString()).toBe(comment)
  first.say(comment)
  expect(Buffer.from((await answered?.next()) ?? []).toString()).toBe(comment)
  expect(answered?.beganAt()).toBeNull()
  first.say(word)
  expect(Buffer.from((await answered?.next()) ?? []).toString()).toBe(word)
  expect(answered?.beganAt()).toBeNumber()
  first.say(refused)
  expect(Buffer.from((await answered?.next()) ?? []).toString()).toBe(refused)
  answered?.close()

  // A refusal lets its key rest, and its words stay here.
  const refusal = await refusing
  await refusal?.next()
  second.say(refused)
  const failure = await errorOf(Promise.resolve(refusal?.next()))
  expect(refusal?.failed(failure)).toMatchObject({ code: 'provider_rejected' })
  expect([refusal?.beganAt(), ring.restSeconds(second.key ?? '') > 0]).toEqual([null, true])
  refusal?.close()
})

test('when no key brings a word, that is a failure', async () => {
  const { ask } = open()
  const answering = errorOf(ask())
  for (const count of [1, 2]) {
    const one = await asked(count)
    one.say(comment)
    one.end()
  }
  expect(await answering).toBeInstanceOf(BeginFailure)
})
