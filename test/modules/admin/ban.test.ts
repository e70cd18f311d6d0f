import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { stopUnwantedTurns } from '../../../src/modules/chat/stop-turn.ts'
import { readLines } from '../../faces/openai/lines.ts'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { rows } from '../chat/chat.ts'
import { startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const hanging = { text: ['so far'], end: 'hang' as const }
const json = { 'content-type': 'application/json' }

describeOnBothStacks('who is banned', (start) => {
  test('hears nothing more of what is being answered for him, wherever he asked', async () => {
    await using house = await startAsAdmin(start, { MAX_TURNS_PER_USER: '0' })
    const { app, admin } = house
    const bob = await house.person('bob@example.com')
    const ann = await house.person('ann@example.com')
    const { body: key } = await bob.ask('POST', '/api/v1/keys', { name: 'A program' })
    const post = (who: typeof bob, path: string, body: object) =>
      who.fetch(path, { method: 'POST', headers: json, body: JSON.stringify(body) })
    const turnOf = async (who: typeof bob) => {
      const { body } = await who.ask('POST', '/api/v1/conversations', { title: 'A talk' })
      app.upstream.play(hanging)
      const events = readEvents(
        await post(who, `/api/v1/conversations/${body.id}/messages/stream`, { content: 'hello' }),
      )
      await events.until(({ type }) => type === 'delta')
      return events
    }
    const call = (more: object) =>
      fetch(`${app.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${key.key}` },
        body: JSON.stringify({
          model: 'deepseek-chat',
          messages: [{ role: 'user', content: 'hi' }],
          ...more,
        }),
      })
    /** Asks, and waits until the upstream has been asked. */
    const asked = async (question: () => Promise<Response>) => {
      const { length } = app.upstream.requests
      const answer = question()
      while (app.upstream.requests.length === length) await Bun.sleep(5)
      return answer
    }
    const his = await turnOf(bob)
    const hers = await turnOf(ann)
    const window = readEvents(await bob.get('/api/v1/events'))
    app.upstream.play(hanging)
    const streamed = await readLines(call({ stream: true }))
    app.upstream.play(hanging)
    const chatted = await readLines(post(bob, '/deepseek_chat', { message: 'hello' }))
    app.upstream.play({ raw: ['{"id":'], headers: json, end: 'hang' })
    const begun = asked(() => call({}))
    while (app.upstream.requests.length < 5) await Bun.sleep(5)
    app.upstream.play({ hang: true })
    const waiting = asked(() => call({ stream: true }))
    while (app.upstream.requests.length < 6) await Bun.sleep(5)

    expect((await admin.ask('PUT', `/api/v1/admin/users/${bob.id}/ban`)).status).toBe(204)
    expect((await his.all()).map(({ type }) => type)).not.toContain('error')
    expect((await window.all()).at(-1)?.type).toBe('session_revoked')
    expect(await streamed.rest()).not.toContain('[DONE]')
    expect(chatted.first + (await chatted.rest())).toBe('{"text": "so far"}\n')
    expect([(await begun).status, (await waiting).status]).toEqual([401, 401])
    const [first, second, ...others] = app.upstream.requests
    for (const one of [first, ...others]) expect(await one?.closed).toBe('left')

    const states = () =>
      rows<{ email: string; state: string }>(
        app.deps,
        sql`select u.email, state from turns t join users u on u.id = t.user_id order by u.id`,
      )
    while ((await states())[0]?.state === 'running') await Bun.sleep(10)
    expect(await states()).toEqual([
      { email: 'bob@example.com', state: 'stopped' },
      { email: 'ann@example.com', state: 'running' },
    ])
    await Promise.all(app.deps.usageEntries.underWay.keys())
    const entered = await rows(app.deps, sql`select kind, outcome from usage_events order by kind, outcome`)
    expect(entered).toEqual([
      { kind: 'call', outcome: 'stopped' },
      { kind: 'call', outcome: 'stopped' },
      { kind: 'call', outcome: 'stopped' },
      { kind: 'chat', outcome: 'stopped' },
      { kind: 'turn', outcome: 'stopped' },
    ])

    // One that was begun in the same moment, or on an instance that hears nothing, ends at the next look.
    await app.deps.db.execute(sql`update users set is_active = false where email = 'ann@example.com'`)
    await stopUnwantedTurns(app.deps)
    expect((await hers.all()).at(-1)).toMatchObject({ type: 'done', data: { finish_reason: 'stopped' } })
    expect(await second?.closed).toBe('left')
  })
})
