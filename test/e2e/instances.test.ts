import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { type Binary, startBinary } from '../support/binary.ts'
import { noLimits } from '../support/binary-on-stack.ts'
import { type EventStream, type ReceivedEvent, readEvents } from '../support/event-stream.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'

setDefaultTimeout(60_000)

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
    const missing = new Set(['turn_started', 'turn_ended', 'title', 'conversation_changed'])
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
  }
  const first: Binary = await startBinary({ env: settings })
  const second: Binary = await startBinary({ env: settings })
  const here = await registerPerson(first.url)
  return {
    upstream,
    here,
    there: here.at(second.url),
    conversationId: await here.newConversation(),
    async [Symbol.asyncDispose]() {
      await Promise.all([first.kill(), second.kill()])
      await release()
      await upstream.stop()
    },
  }
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
