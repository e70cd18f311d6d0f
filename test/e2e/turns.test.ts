import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { type Binary, startBinary } from '../support/binary.ts'
import { noLimits, startBinaryOnStack } from '../support/binary-on-stack.ts'
import type { EventStream, ReceivedEvent } from '../support/event-stream.ts'
import { type GatedUpstream, startGatedUpstream } from '../support/gated-upstream.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import { hasServices } from '../support/services.ts'
import { openSocketClient } from '../support/socket-client.ts'
import { describeOnStacks, servicesStack } from '../support/stacks.ts'

setDefaultTimeout(60_000)

interface Message {
  id: string
  role: string
  content: string
  status: string
}

describeOnStacks('a turn of the executable', (stack) => {
  test('survives a kill -9 as far as it was kept, and is continued; a call to /v1 is in the ledger', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const person = await registerPerson(app.url)
    const conversationId = await person.newConversation()
    const events = await person.ask(conversationId, 'hello')
    const answer = await upstream.answer(1)
    const question = { model: 'deepseek-chat', messages: [{ role: 'user', content: 'hello' }], stream: true }
    const call = person.fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify(question) })
    ;(await upstream.answer(2)).say('counted by then')
    expect((await call).status).toBe(200)
    answer.say('kept')
    await untilText(events, 'kept')
    // What is said is stored every two seconds, and sooner what is asked.
    await Bun.sleep(2500)
    answer.say(', lost')
    await untilText(events, ', lost')

    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGKILL')
    await ended
    await app.binary.start()
    const message = await answerOf(person, conversationId, ({ status }) => status !== 'running')
    expect(message).toMatchObject({ status: 'interrupted', content: 'kept' })
    const record = await recordOf(person, 'call')
    expect(record).toMatchObject({ outcome: 'interrupted', estimated: true })
    for (const tokens of [record.prompt_tokens, record.completion_tokens]) expect(tokens).toBeGreaterThan(0)

    const continued = person.json<{ assistant_message: Message }>(
      'POST',
      `/api/v1/messages/${message.id}/continue`,
      {},
    )
    const second = await upstream.answer(3)
    second.say(' and continued')
    second.end()
    expect((await continued).assistant_message).toMatchObject({
      status: 'complete',
      content: 'kept and continued',
    })
    await upstream.stop()
  })

  test('SIGTERM lets it finish, with or without a reader, and no other begin', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const person = await registerPerson(app.url)
    const [read, unread] = [await person.newConversation(), await person.newConversation()]
    const events = await person.ask(read, 'hello')
    const turnId = (await events.next())?.data.turn_id
    const alone = await person.ask(unread, 'hello')
    const answers = [await upstream.answer(1), await upstream.answer(2)]
    await alone.leave()
    const { authorization } = person
    const socket = await openSocketClient(`${app.url}/api/v1/ws/chat`, { authorization })
    socket.send({ type: 'follow', turn_id: turnId })
    await socket.until(({ event }) => event === 'start')
    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGTERM')
    while (!app.binary.output().includes('stopping')) await Bun.sleep(10)
    // Whoever is still connected is told; new connections are for the next process.
    socket.send({ type: 'send', conversation_id: unread, content: 'and now?' })
    const refused = await socket.next()
    expect(refused).toMatchObject({ event: 'error', data: { code: 'shutting_down' } })
    expect(refused.retry_after).toBeGreaterThan(0)
    for (const answer of answers) {
      answer.say('to the end')
      answer.end()
    }
    expect((await events.all()).at(-1)?.type).toBe('done')
    expect(await ended).toBe(0)
    await app.binary.start()
    for (const conversationId of [read, unread]) {
      expect(await answerOf(person, conversationId)).toMatchObject({
        status: 'complete',
        content: 'to the end',
      })
    }
    await upstream.stop()
  })

  test('what does not finish in time is interrupted, and keeps its text', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url, env: { DRAIN_SECONDS: '1' } })
    const person = await registerPerson(app.url)
    const conversationId = await person.newConversation()
    const events = await person.ask(conversationId, 'hello')
    const answer = await upstream.answer(1)
    answer.say('so far')
    await untilText(events, 'so far')
    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGTERM')
    expect((await events.all()).at(-1)).toMatchObject({ type: 'error', data: { code: 'interrupted' } })
    expect(await ended).toBe(0)
    await app.binary.start()
    expect(await answerOf(person, conversationId)).toMatchObject({ status: 'interrupted', content: 'so far' })
    await upstream.stop()
  })
})

describe.skipIf(!hasServices())('two instances behind nginx', () => {
  test('the one that serves a reader dies: he goes on from the other, nothing is lost or there twice', async () => {
    await using pair = await startPair()
    const { person, conversationId, upstream } = pair
    // The first instance generates; the reader is served by the second.
    const starter = await person.at(pair.first.url).ask(conversationId, 'hello')
    const turnId = String((await starter.next())?.data.turn_id)
    const answer = await upstream.answer(1)
    const reader = createReader(person, turnId)
    const reading = reader.readFrom(pair.second.url, 'one two')
    answer.say('one')
    await Bun.sleep(60)
    answer.say(' two')
    await reading

    process.kill(pair.second.pid, 'SIGKILL')
    answer.say(' three')
    await reader.readFrom(pair.url, 'one two three')
    answer.say(' four')
    answer.end()
    await reader.readFrom(pair.url, null)
    expect(reader.text()).toBe('one two three four')
    expect(reader.last()).toBe('done')
  })

  test('the one that generates dies: readers of the other are told, and the answer is continued', async () => {
    await using pair = await startPair()
    const { person, conversationId, upstream } = pair
    const starter = await person.at(pair.first.url).ask(conversationId, 'hello')
    const turnId = String((await starter.next())?.data.turn_id)
    const answer = await upstream.answer(1)
    const reader = createReader(person, turnId)
    const reading = reader.readFrom(pair.second.url, 'kept')
    answer.say('kept')
    await reading
    await Bun.sleep(2500)

    process.kill(pair.first.pid, 'SIGKILL')
    await reader.readFrom(pair.url, null)
    expect(reader.last()).toBe('error')
    expect(reader.text()).toBe('kept')
    const message = await answerOf(person, conversationId)
    expect(message).toMatchObject({ status: 'interrupted', content: 'kept' })

    const continued = person.json<{ assistant_message: Message }>(
      'POST',
      `/api/v1/messages/${message.id}/continue`,
      {},
    )
    const second = await upstream.answer(2)
    second.say(' and continued')
    second.end()
    expect((await continued).assistant_message).toMatchObject({
      status: 'complete',
      content: 'kept and continued',
    })
  })
})

interface Pair extends AsyncDisposable {
  /** Through nginx. */
  url: string
  first: Binary
  second: Binary
  upstream: GatedUpstream
  person: ApiPerson
  conversationId: string
}

/** Two instances that share everything, and nginx in front with nothing but their addresses. */
async function startPair(): Promise<Pair> {
  const upstream = startGatedUpstream()
  const { env, release } = await servicesStack.prepare()
  const settings = {
    ...noLimits,
    ...env,
    SECRET_KEY: 'only for tests, 0123456789',
    DEEPSEEK_API_KEY: 'sk-only-for-tests',
    DEEPSEEK_BASE_URL: upstream.url,
  }
  const first = await startBinary({ env: settings })
  const second = await startBinary({ env: settings })
  const port = await freePort()
  const nginx = await startNginx(
    port,
    `
  upstream cloudchat { server 127.0.0.1:${first.port}; server 127.0.0.1:${second.port}; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://cloudchat; proxy_next_upstream error timeout non_idempotent; }
  }`,
  )
  const url = `http://127.0.0.1:${port}`
  const person = await registerPerson(url)
  return {
    url,
    first,
    second,
    upstream,
    person,
    conversationId: await person.newConversation(),
    async [Symbol.asyncDispose]() {
      await Promise.all([first.stop(), second.stop(), nginx.stop()])
      await release()
      await upstream.stop()
    },
  }
}

/** A client as the contract wants it: comes back with the number of the last event that it has. */
function createReader(person: ApiPerson, turnId: string) {
  const events: ReceivedEvent[] = []
  const text = () => textOf(events)

  /** Until this text is there; null: until the turn has ended. Comes back as often as it is cut off. */
  async function readFrom(origin: string, wanted: string | null): Promise<void> {
    while (!isThere(wanted)) {
      try {
        const stream = await person.at(origin).follow(turnId, events.at(-1)?.id ?? 0)
        for (let event = await stream.next(); event !== null; event = await stream.next()) {
          events.push(event)
          if (isThere(wanted)) return void stream.leave()
        }
      } catch {
        await Bun.sleep(100)
      }
    }
  }

  const isThere = (wanted: string | null) => (wanted === null ? isOver() : text() === wanted)
  const isOver = () => ['done', 'error'].includes(events.at(-1)?.type ?? '')

  return { readFrom, text, last: () => events.at(-1)?.type }
}

function textOf(events: ReceivedEvent[]): string {
  let text = ''
  for (const { type, data } of events) {
    if (type === 'delta') text += data.text
    if (type === 'snapshot') text = String(data.text)
  }
  return text
}

async function untilText(events: EventStream, end: string): Promise<void> {
  const seen = await events.until(({ type, data }) => type === 'delta' && String(data.text).endsWith(end))
  if (!textOf(seen).endsWith(end)) throw new Error(`never came: ${end}`)
}

/** What the ledger says of the only call of this kind, once it does. */
async function recordOf(person: ApiPerson, kind: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { items } = await person.json<{ items: Record<string, unknown>[] }>(
      'GET',
      `/api/v1/usage/records?kind=${kind}`,
    )
    if (items[0] !== undefined) return items[0]
    await Bun.sleep(100)
  }
}

/** The answer in a conversation, once it is as wanted. */
async function answerOf(
  person: ApiPerson,
  conversationId: string,
  isWanted: (message: Message) => boolean = () => true,
): Promise<Message> {
  for (;;) {
    const { items } = await person.json<{ items: Message[] }>(
      'GET',
      `/api/v1/conversations/${conversationId}/messages`,
    )
    const answer = items.findLast(({ role }) => role === 'assistant')
    if (answer !== undefined && isWanted(answer)) return answer
    await Bun.sleep(100)
  }
}
