import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { hashToken } from '../../../src/lib/tokens.ts'
import { purgeKeys } from '../../../src/modules/keys/jobs.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { withTwoPeople } from '../conversations/conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('API keys', (start) => {
  test('are made, shown once, listed, changed and revoked by their owner alone', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const made = await ann.post('/keys', { name: ' my program ' })
    expect(made.status).toBe(201)
    const { key, ...plain } = made.body
    expect(key).toMatch(/^cc-[\w-]{43}$/)
    expect(plain).toEqual({
      id: expect.any(String),
      name: 'my program',
      prefix: 'cc-',
      last_four: key.slice(-4),
      scopes: ['chat', 'images', 'files', 'usage'],
      models: null,
      expires_at: null,
      quota: {},
      rate: null,
      allowed_addresses: null,
      created_at: app.clock.now.toISOString(),
      last_used_at: null,
    })
    const stored = rowsOf<{ row: string; hash: string }>(
      await app.deps.db.execute(sql`select k::text as row, key_hash as hash from api_keys k`),
    )
    expect(stored.map(({ hash }) => hash)).toEqual([hashToken(key)])
    expect(stored[0]?.row).not.toContain(key)
    expect(JSON.stringify(app.log)).not.toContain(key)

    const wishes = {
      name: 'narrow',
      scopes: ['usage', 'chat'],
      models: ['deepseek'],
      expires_at: '2026-04-01T14:00:00+02:00',
      quota: { requests_day: 10, tokens_month: null },
      rate: { requests: 5, seconds: 60 },
      allowed_addresses: ['192.0.2.0/24', ' 2001:DB8::/32'],
    }
    const narrow = (await ann.post('/keys', wishes)).body
    expect(narrow).toMatchObject({
      ...wishes,
      scopes: ['chat', 'usage'],
      models: ['deepseek/deepseek-chat'],
      expires_at: '2026-04-01T12:00:00.000Z',
      allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'],
    })
    const { key: _, ...narrowView } = narrow
    expect((await ann.get('/keys')).body).toEqual({ items: [narrowView, plain], next_cursor: null })
    expect((await ann.get(`/keys/${narrow.id}`)).body).toEqual(narrowView)

    const nothing = { models: null, expires_at: null, quota: null, rate: null, allowed_addresses: null }
    const widened = await ann.put(`/keys/${narrow.id}`, { name: 'wide', ...nothing })
    expect(widened.body).toEqual({ ...narrowView, ...nothing, name: 'wide', quota: {} })
    expect((await ann.put(`/keys/${narrow.id}`, {})).body).toEqual(widened.body)

    for (const attempt of [
      bob.get(`/keys/${narrow.id}`),
      bob.put(`/keys/${narrow.id}`, { name: 'mine' }),
      bob.delete(`/keys/${narrow.id}`),
      ann.get('/keys/nonsense'),
    ])
      expect((await attempt).status).toBe(404)
    expect((await bob.get('/keys')).body.items).toEqual([])

    expect((await ann.delete(`/keys/${narrow.id}`)).status).toBe(204)
    expect((await ann.delete(`/keys/${narrow.id}`)).status).toBe(404)
    expect((await ann.get('/keys')).body.items).toEqual([plain])

    app.clock.advance(399 * 86_400)
    await purgeKeys(app.deps)
    const left = () => app.deps.db.execute(sql`select id from api_keys`)
    expect(rowsOf(await left())).toHaveLength(2)
    app.clock.advance(2 * 86_400)
    await purgeKeys(app.deps)
    expect(rowsOf(await left())).toEqual([{ id: plain.id }])
  })

  test('are refused where a wish makes no sense, and one too many', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const wrong: [object, string][] = [
      [{}, 'name'],
      [{ name: '  ' }, 'name'],
      [{ name: 'a\u0000b' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ name: 'x', scopes: [] }, 'scopes'],
      [{ name: 'x', scopes: ['everything'] }, 'scopes/0'],
      [{ name: 'x', models: ['deepseek/none'] }, 'models'],
      [{ name: 'x', models: [] }, 'models'],
      [{ name: 'x', expires_at: 'tomorrow' }, 'expires_at'],
      [{ name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
      [{ name: 'x', expires_at: '2099-01-01T00:00:00Z' }, 'expires_at'],
      [{ name: 'x', quota: { tokens_day: -1 } }, 'quota/tokens_day'],
      [{ name: 'x', quota: { tokens_day: 1.5 } }, 'quota/tokens_day'],
      [{ name: 'x', quota: { cost_month: 1e300 } }, 'quota/cost_month'],
      [{ name: 'x', quota: { token_day: 100 } }, 'quota'],
      [{ name: 'x', quota: { tokens_day: 100, nonsense: 1 } }, 'quota'],
      [{ name: 'x', quota: { tokens_day: 'many' } }, 'quota/tokens_day'],
      [{ name: 'x', quota: [] }, 'quota'],
      [{ name: 'x', quota: [1] }, 'quota'],
      [{ name: 'x', quota: 'x' }, 'quota'],
      [{ name: 'x', quota: 7 }, 'quota'],
      [{ name: 'x', scope: ['usage'] }, 'scope'],
      [{ name: 'x', expires: '2026-04-01T12:00:00Z' }, 'expires'],
      [{ name: 'x', rate: { requests: 0, seconds: 60 } }, 'rate/requests'],
      [{ name: 'x', allowed_addresses: ['example.com'] }, 'allowed_addresses'],
      [{ name: 'x', allowed_addresses: ['10.0.0.0/33'] }, 'allowed_addresses'],
      [{ name: 'x', allowed_addresses: [] }, 'allowed_addresses'],
    ]
    for (const [body, path] of wrong) {
      const { status, body: problem } = await ann.post('/keys', body)
      expect([body, status, problem.code, problem.errors?.[0]?.path]).toEqual([
        body,
        400,
        'invalid_request',
        path,
      ])
    }
    const { id } = (await ann.post('/keys', { name: 'bounded', quota: { tokens_day: 1 } })).body
    for (const [body, path] of [
      [{ quota: { token_day: 100 } }, 'quota'],
      [{ quota: [] }, 'quota'],
      [{ scope: ['usage'] }, 'scope'],
      [{ models: ['deepseek/none'] }, 'models'],
    ] as const) {
      const { status, body: problem } = await ann.put(`/keys/${id}`, body)
      expect([body, status, problem.errors?.[0]?.path]).toEqual([body, 400, path])
    }
    expect((await ann.get(`/keys/${id}`)).body.quota).toEqual({ tokens_day: 1 })
    expect((await ann.put(`/keys/${id}`, { quota: {} })).body.quota).toEqual({})
    expect((await ann.delete(`/keys/${id}`)).status).toBe(204)
    const userId = sql`(select id from users where username = 'ann')`
    await app.deps.db.execute(sql`insert into api_keys (id, user_id, name, key_hash, ending, scopes)
      select gen_random_uuid(), ${userId}, 'k' || n, 'h' || n, 'xxxx', '["chat"]' from generate_series(1, 99) n`)
    const attempts = await Promise.all(['a', 'b', 'c'].map((name) => ann.post('/keys', { name })))
    expect(attempts.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })
})
