import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { type Binary, startBinary } from '../support/binary.ts'
import { noLimits } from '../support/binary-on-stack.ts'
import { type EventStream, type ReceivedEvent, readEvents } from '../support/event-stream.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'

setDefaultTimeout(60_000)

const adminEmail = 'root@example.com'
/** Everybody's. */
const password = 'vexing-7 quince'

const isSaid = (text: string) => (event: ReceivedEvent) =>
  ['delta', 'snapshot'].includes(event.type) && String(event.data.text).endsWith(text)

describe.skipIf(!hasServices())('two instances', () => {
  for (const store of ['Redis', 'no shared store']) {
    test(`with ${store}: one follows what the other generates, and stops it`, async () => {
      await using at = await startTwo({ isShared: store === 'Redis' })
      const { here, there, conversationId } = at
      const events = await here.ask(conversationId, 'hello')
      const turnId = String((await events.next())?.data.turn_id)
      const answer = await at.upstream.answer(1)
      const follower = await there.follow(turnId)
      const seen: ReceivedEvent[] = []
      for (const word of ['one', ' two', ' three']) {
        answer.say(word)
        await events.until(isSaid(word))
        // The next one is said when this one is there.
        seen.push(...(await follower.until(isSaid(word))))
      }
      expect((await there.fetch(`/api/v1/turns/${turnId}`, { method: 'DELETE' })).status).toBe(204)
      await answer.left
      for (const stream of [events, follower]) {
        const rest = await stream.all()
        seen.push(...(stream === follower ? rest : []))
        expect(rest.at(-1)).toMatchObject({ type: 'done', data: { finish_reason: 'stopped' } })
      }
      expect(shown(seen)).toBe('one two three')
      expect((await there.fetch(`/api/v1/turns/${turnId}`, { method: 'DELETE' })).status).toBe(204)
      const { items } = await there.json<{ items: object[] }>(
        'GET',
        `/api/v1/conversations/${conversationId}/messages`,
      )
      expect(items.at(-1)).toMatchObject({ content: 'one two three', status: 'stopped' })
    })
  }

  test('a session that is ended on one closes its streams on the other', async () => {
    await using at = await startTwo({ isShared: true })
    const { here, there, conversationId } = at
    const events = await here.ask(conversationId, 'hello')
    const turnId = String((await events.next())?.data.turn_id)
    const answer = await at.upstream.answer(1)
    const ofTurn = await there.follow(turnId)
    const ofUser = await windowOf(there)
    expect((await here.fetch('/api/v1/auth/logout', { method: 'POST' })).status).toBe(204)
    expect((await ofTurn.all()).map(({ type }) => type)).not.toContain('done')
    expect((await ofUser.all()).at(-1)).toMatchObject({ type: 'session_revoked' })
    expect((await there.fetch(`/api/v1/turns/${turnId}/events`)).status).toBe(401)
    // The answer is made all the same: it belongs to the account.
    answer.end()
  })

  test('whoever is banned on one hears nothing more on the other, and his answers stop there', async () => {
    await using at = await startTwo({ isShared: true })
    const { here, conversationId } = at
    const { key } = await here.json<{ key: string }>('POST', '/api/v1/keys', { name: 'A program' })
    const { user } = await here.json<{ user: { id: string; username: string } }>('GET', '/api/v1/users/me')
    const events = await here.ask(conversationId, 'hello')
    await events.next()
    const turn = await at.upstream.answer(1)
    turn.say('so far')
    await events.until(isSaid('so far'))
    const call = fetch(`${at.urls.here}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'deepseek', messages: [{ role: 'user', content: 'hello' }] }),
    })
    const called = await at.upstream.answer(2)
    const window = await windowOf(here)

    const root = await logIn(at.urls.there, adminEmail)
    const ban = (method: string) => root.fetch(`/api/v1/admin/users/${user.id}/ban`, { method })
    expect((await ban('PUT')).status).toBe(204)
    expect((await window.all()).at(-1)?.type).toBe('session_revoked')
    await Promise.all([turn.left, called.left])
    expect((await call).status).toBe(401)
    await events.all()

    expect((await ban('DELETE')).status).toBe(204)
    const again = await logIn(at.urls.here, user.username)
    const { items } = await (await again.get(`/api/v1/conversations/${conversationId}/messages`)).json()
    expect(items.at(-1)).toMatchObject({ content: 'so far', status: 'stopped' })
  })

  test('all six events of a person reach his windows on the other', async () => {
    await using at = await startTwo({ isShared: true })
    const { here, there } = at
    const window = await windowOf(there)
    const { id } = await here.json<{ id: string }>('POST', '/api/v1/conversations', {})
    const events = await here.ask(id, 'hello')
    // One answer is the title.
    for (const number of [1, 2]) {
      const answer = await at.upstream.answer(number)
      answer.say('A greeting')
      answer.end()
    }
    await events.all()
    const { user } = await here.json<{ user: { id: string } }>('GET', '/api/v1/users/me')
    const root = await logIn(at.urls.here, adminEmail)
    const limited = await root.fetch(`/api/v1/admin/users/${user.id}/quota`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ limits: { requests_day: 5 } }),
    })
    expect(limited.status).toBe(200)
    const missing = new Set(['turn_started', 'turn_ended', 'title', 'conversation_changed', 'quota_changed'])
    while (missing.size > 0) missing.delete((await window.next())?.type ?? 'the end')
    await here.fetch('/api/v1/auth/logout', { method: 'POST' })
    expect((await window.all()).at(-1)?.type).toBe('session_revoked')
  })
})

/** The same person at both. */
async function startTwo({ isShared }: { isShared: boolean }) {
  const upstream = startGatedUpstream()
  const { env, release } = await servicesStack.prepare()
  const { REDIS_URL, ...withoutRedis } = env
  const settings = {
    ...noLimits,
    ...(isShared ? env : withoutRedis),
    SECRET_KEY: 'only for tests, 0123456789',
    DEEPSEEK_API_KEY: 'sk-only-for-tests',
    DEEPSEEK_BASE_URL: upstream.url,
    ADMIN_EMAIL: adminEmail,
    ADMIN_PASSWORD: password,
  }
  const first: Binary = await startBinary({ env: settings })
  const second: Binary = await startBinary({ env: settings })
  const here = await registerPerson(first.url)
  return {
    upstream,
    here,
    there: here.at(second.url),
    urls: { here: first.url, there: second.url },
    conversationId: await here.newConversation(),
    async [Symbol.asyncDispose]() {
      await Promise.all([first.kill(), second.kill()])
      await release()
      await upstream.stop()
    },
  }
}

async function logIn(origin: string, identifier: string): Promise<Visitor> {
  const visitor = createVisitor(origin)
  const { status } = await visitor.post('/api/v1/auth/login', { identifier, password, session: 'cookie' })
  expect(status).toBe(200)
  return visitor
}

async function windowOf(person: ApiPerson): Promise<EventStream> {
  const response = await person.fetch('/api/v1/events')
  expect(response.status).toBe(200)
  return readEvents(response)
}

function shown(events: ReceivedEvent[]): string {
  let text = ''
  for (const { type, data } of events) {
    if (type === 'delta') text += data.text
    if (type === 'snapshot') text = String(data.text)
  }
  return text
}
