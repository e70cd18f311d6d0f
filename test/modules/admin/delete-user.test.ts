import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startImageUpstream } from '../../support/image-upstream.ts'
import { rows } from '../chat/chat.ts'
import { filesOf } from '../images/pictures.ts'
import { startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const json = { 'content-type': 'application/json' }
const users = '/api/v1/admin/users'

describeOnBothStacks('an account that an administrator deletes', (start) => {
  test('is gone at once with all that is kept of it; what it used stays, of nobody', async () => {
    const painter = startImageUpstream()
    await using _ = { [Symbol.asyncDispose]: () => painter.stop() }
    await using house = await startAsAdmin(start, {
      OPENAI_BASE_URL: painter.openaiUrl,
      OPENAI_API_KEY: 'sk-secret-of-images',
      IMAGE_MODELS: 'openai/gpt-image-1',
    })
    const { app, admin } = house
    const bob = await house.person('bob@example.com')
    const ann = await house.person('ann@example.com')
    for (const who of [bob, ann]) {
      expect((await who.ask('POST', '/api/v1/images', { prompt: 'a fox' })).status).toBe(201)
    }
    const { body: key } = await bob.ask('POST', '/api/v1/keys', { name: 'A program' })
    const { body: talk } = await bob.ask('POST', '/api/v1/conversations', {
      title: 'A talk',
      model: 'deepseek-chat',
    })
    await bob.ask('PUT', `/api/v1/conversations/${talk.id}/tags`, { tags: ['mine'] })
    await bob.ask('POST', `/api/v1/conversations/${talk.id}/messages`, { content: 'hello' })
    const { body: share } = await bob.ask('POST', `/api/v1/conversations/${talk.id}/shares`, {})
    await admin.ask('POST', `${users}/${bob.id}/balance`, { micros: 5_000_000, note: null })
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const asked = await bob.fetch(`/api/v1/conversations/${talk.id}/messages/stream`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ content: 'and then?' }),
    })
    const answer = readEvents(asked)
    await answer.until(({ type }) => type === 'delta')
    const window = readEvents(await bob.get('/api/v1/events'))
    expect(filesOf(app)).toHaveLength(2)
    expect((await fetch(`${app.url}/api/v1/shared/${share.token}`)).status).toBe(200)

    expect((await admin.ask('DELETE', `${users}/${bob.id}`)).status).toBe(204)
    expect((await window.all()).at(-1)?.type).toBe('session_revoked')
    expect((await answer.all()).map(({ type }) => type)).not.toContain('error')
    expect(await app.upstream.requests.at(-1)?.closed).toBe('left')
    expect((await bob.ask('GET', '/api/v1/users/me')).status).toBe(401)
    const byKey = { headers: { authorization: `Bearer ${key.key}` } }
    expect((await fetch(`${app.url}/v1/models`, byKey)).status).toBe(401)
    expect((await fetch(`${app.url}/api/v1/shared/${share.token}`)).status).toBe(404)
    expect(filesOf(app)).toHaveLength(1)
    const left = await rows<{ name: string; count: number }>(
      app.deps,
      sql`select * from (
        select 'conversations' as name, count(*)::int as count from conversations
        union all select 'messages', count(*)::int from messages
        union all select 'turns', count(*)::int from turns
        union all select 'keys', count(*)::int from api_keys
        union all select 'tags', count(*)::int from tags
        union all select 'balances', count(*)::int from balances
        union all select 'images', count(*)::int from images
        union all select 'users', count(*)::int from users
      ) as found where count > 0 order by name`,
    )
    expect(left).toEqual([
      { name: 'images', count: 1 },
      { name: 'users', count: 2 },
    ])
    const kinds = await rows<{ kind: string; outcome: string }>(
      app.deps,
      sql`select kind, outcome from usage_events e
        where e.user_id is not null and not exists (select from users u where u.id = e.user_id) order by kind, outcome`,
    )
    expect(kinds).toEqual([
      { kind: 'image', outcome: 'complete' },
      { kind: 'turn', outcome: 'complete' },
      { kind: 'turn', outcome: 'stopped' },
    ])
    const used = (await admin.ask('GET', '/api/v1/admin/usage/by-user')).body.items
    expect(used).toContainEqual(expect.objectContaining({ user_id: null, name: null }))

    const acts = (await admin.ask('GET', `/api/v1/admin/audit-log?target_id=${bob.id}`)).body.items
    expect(acts[0]).toMatchObject({
      action: 'user.delete',
      actor_id: admin.id,
      before: { email: 'bob@example.com', role: 'user' },
      after: null,
    })
    expect((await admin.ask('DELETE', `${users}/${bob.id}`)).status).toBe(404)
    // The address is free again.
    await house.person('bob@example.com')
  })

  test('is neither his own nor that of the last who can administrate', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const ann = await house.person('ann@example.com')
    expect(await admin.ask('DELETE', `${users}/${admin.id}`)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: 'Nobody deletes his own account here' },
    })
    expect((await ann.ask('DELETE', `${users}/${admin.id}`)).status).toBe(403)
    expect((await admin.ask('DELETE', `${users}/nobody`)).status).toBe(404)

    // Of two each deletes the other at once: one stays.
    await admin.ask('PUT', `${users}/${ann.id}`, { role: 'admin' })
    const both = await Promise.all([
      admin.ask('DELETE', `${users}/${ann.id}`),
      ann.ask('DELETE', `${users}/${admin.id}`),
    ])
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1)
    const admins = await rows<{ email: string }>(
      app.deps,
      sql`select email from users where role = 'admin' and is_active`,
    )
    expect(admins).toHaveLength(1)
  })

  test('is closed where its pictures cannot be deleted, and gone with the next try', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const bob = await house.person('bob@example.com')
    const [owner] = await rows<{ id: number }>(
      app.deps,
      sql`select id::int as id from users where email = 'bob@example.com'`,
    )
    await app.deps.db.execute(sql`
      insert into images (id, user_id, prompt, model, size, content_type, byte_size, is_ready, created_at)
      values (gen_random_uuid(), ${owner?.id}, 'a fox', 'x/y', '', 'image/png', 1, true, now())`)
    const { blobs } = app.deps
    const remove = blobs.delete
    blobs.delete = () => Promise.reject(new Error('away'))
    expect((await admin.ask('DELETE', `${users}/${bob.id}`)).body.code).toBe('dependency_down')
    expect((await bob.ask('GET', '/api/v1/users/me')).status).toBe(401)
    blobs.delete = remove
    expect((await admin.ask('DELETE', `${users}/${bob.id}`)).status).toBe(204)
    expect((await admin.ask('GET', `${users}/${bob.id}`)).status).toBe(404)
  })
})
