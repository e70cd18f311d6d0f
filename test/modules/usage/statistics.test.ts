import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { enterUsage } from '../../../src/modules/usage/enter-usage.ts'
import { getLatencies } from '../../../src/modules/usage/get-latencies.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startAsAdmin } from '../admin/admin.ts'
import { rows } from '../chat/chat.ts'
import { enter, rowOf } from './entries.ts'

const timezone = 'Asia/Shanghai'

describeOnBothStacks('statistics', (start) => {
  test('say today, lately and in all, and the change against the time before', async () => {
    await using at = await startAsAdmin(start, { TIMEZONE: timezone })
    const ann = await at.person('ann@example.com')
    // It is the 1st of March, eight in the evening.
    await enter(at, ann.id, [
      { created_at: '2026-02-28T16:00:00Z', prompt_tokens: 100, completion_tokens: 50, cost_micros: 7 },
      { created_at: '2026-02-28T15:59:59Z', prompt_tokens: 40, completion_tokens: 10, outcome: 'failed' },
      { created_at: '2026-02-22T00:00:00Z', prompt_tokens: 1000 },
      { created_at: '2026-02-01T00:00:00Z', prompt_tokens: 2000, time_to_first_token_ms: 30 },
      { created_at: '2025-12-01T00:00:00Z', prompt_tokens: 4000, time_to_first_token_ms: 10 },
    ])
    const { body } = await ann.ask('GET', '/api/v1/usage/summary')
    expect(body).toMatchObject({
      timezone,
      currency: 'USD',
      today: {
        calls: 1,
        total_tokens: 150,
        cost_micros: 7,
        error_rate: 0,
        average_calls_a_day: 1,
        change: { calls: null, tokens: null, cost: null },
      },
      last_7_days: {
        calls: 2,
        failed: 1,
        error_rate: 0.5,
        change: { calls: 1, tokens: (200 - 1000) / 1000 },
      },
      last_30_days: { calls: 4, total_tokens: 3200, average_tokens: 800, change: { tokens: null } },
      total: { calls: 5, total_tokens: 7200, unpriced: 4, average_first_token_ms: 20, change: null },
    })
    const { body: all } = await at.admin.ask('GET', '/api/v1/admin/usage/summary')
    expect(all.total).toEqual(body.total)
    const { body: nobody } = await at.admin.ask('GET', '/api/v1/usage/summary')
    expect(nobody.total).toMatchObject({ calls: 0, error_rate: null, average_tokens: null })

    await enter(at, ann.id, [
      { created_at: '2026-03-01T11:10:00Z', time_to_first_token_ms: 200, duration_ms: 900 },
      { created_at: '2026-03-01T11:20:00Z', time_to_first_token_ms: 300, duration_ms: 1000 },
      { created_at: '2026-03-01T11:30:00Z', outcome: 'failed', error_code: 'provider_timeout' },
      { created_at: '2026-03-01T10:30:00Z', outcome: 'failed', error_code: 'provider_timeout' },
    ])
    const overview = await at.admin.ask('GET', '/api/v1/admin/overview')
    expect(overview.body).toMatchObject({
      live: { instances: 1, turns: 0, turns_here: 0, streams_here: 0, calls_here: 0 },
      last_hour: {
        ...{ calls: 3, failed: 1, stopped: 0, interrupted: 0, error_rate: 1 / 3 },
        first_token_ms: { p50: 200, p95: 300 },
        duration_ms: { p50: 900, p95: 1000 },
      },
      last_24_hours: { calls: 6, failed: 3, error_rate: 0.5 },
      errors: [
        { code: 'provider_timeout', last_hour: 1, last_24_hours: 2, last_at: '2026-03-01T11:30:00.000Z' },
        { code: null, last_hour: 0, last_24_hours: 1 },
      ],
      versions: { database: expect.stringMatching(/^PostgreSQL 1\d\./) },
    })
    expect((await ann.ask('GET', '/api/v1/admin/overview')).status).toBe(403)

    await enter(at, ann.id, [{ created_at: '2026-02-27T00:00:00Z', model: 'b/two', duration_ms: 5 }])
    const { body: day } = await at.admin.ask('GET', '/api/v1/admin/usage/latencies')
    const ofDay = {
      ...{ calls: 6, first_token_ms: { p50: 200, p95: 300 } },
      duration_ms: { p50: 900, p95: 1000 },
    }
    const since = '2026-02-28T12:00:00.000Z'
    const items = [{ model: 'a/one', ...ofDay }]
    expect(day).toEqual({ since, capped: false, all: ofDay, items, next_cursor: null })
    const { body: week } = await at.admin.ask('GET', '/api/v1/admin/usage/latencies?period=7d')
    expect(week.items).toMatchObject([
      { model: 'a/one', calls: 6 },
      { model: 'b/two', calls: 1, first_token_ms: null, duration_ms: { p50: 5, p95: 5 } },
    ])
    const newest = await getLatencies(at.app.deps, '7d', 2)
    expect(newest).toMatchObject({
      isCapped: true,
      since: new Date('2026-03-01T11:20:00Z'),
      all: { calls: 2, durationMs: { half: 1000, most: 1000 } },
    })
    expect((await at.admin.ask('GET', '/api/v1/admin/usage/latencies?period=1y')).status).toBe(400)
    expect((await ann.ask('GET', '/api/v1/admin/usage/latencies')).status).toBe(403)
  })

  test('split by day, hour, model, provider, person and key, for whom it concerns', async () => {
    await using at = await startAsAdmin(start, { TIMEZONE: timezone })
    const ann = await at.person('ann@example.com')
    const ben = await at.person('ben@example.com')
    const key = (await ann.ask('POST', '/api/v1/keys', { name: 'A program' })).body
    await enter(at, ann.id, [
      { created_at: '2026-02-27T16:30:00Z', prompt_tokens: 1, model: 'a/one' },
      { created_at: '2026-02-28T16:10:00Z', prompt_tokens: 2, model: 'b/two', key_id: key.id, kind: 'call' },
    ])
    await enter(at, ben.id, [
      { created_at: '2026-02-28T03:00:00Z', prompt_tokens: 4, model: 'b/two', outcome: 'failed' },
    ])
    await enter(at, null, [
      { created_at: '2026-02-28T03:00:00Z', prompt_tokens: 8, model: 'b/two', kind: 'chat' },
    ])
    const list = async (who: typeof ann, path: string, name: string) => {
      const { status, body } = await who.ask('GET', `/api/v1/${path}`)
      if (status !== 200) throw new Error(`${path}: ${status}`)
      return body.items.map((item: Record<string, unknown>) => [item[name], item.total_tokens])
    }
    const from = 'from=2026-02-28&to=2026-03-01'
    expect(await list(ann, `usage/by-day?${from}`, 'day')).toEqual([
      ['2026-02-28', 1],
      ['2026-03-01', 2],
    ])
    expect((await list(ann, 'usage/by-day', 'day')).length).toBe(30)
    const hours = await list(ann, 'usage/by-hour', 'hour')
    expect(hours.length).toBe(24)
    expect(hours[0]).toEqual([0, 3])
    expect(await list(ann, 'usage/by-model', 'model')).toEqual([
      ['b/two', 2],
      ['a/one', 1],
    ])
    expect(await list(ann, `usage/by-model?key_id=${key.id}`, 'model')).toEqual([['b/two', 2]])
    const { admin } = at
    expect(await list(admin, `admin/usage/by-day?${from}`, 'day')).toEqual([
      ['2026-02-28', 13],
      ['2026-03-01', 2],
    ])
    expect(await list(admin, `admin/usage/by-day?${from}&user_id=${ben.id}`, 'day')).toEqual([
      ['2026-02-28', 4],
      ['2026-03-01', 0],
    ])
    expect(await list(admin, 'admin/usage/by-provider', 'provider')).toEqual([
      ['b', 14],
      ['a', 1],
    ])
    expect(await list(admin, 'admin/usage/by-kind', 'kind')).toEqual([
      ['chat', 8],
      ['turn', 5],
      ['call', 2],
    ])
    expect(await list(admin, 'admin/usage/by-user', 'user_id')).toEqual([
      [null, 8],
      [ben.id, 4],
      [ann.id, 3],
    ])
    expect(await list(admin, 'admin/usage/by-user?sort=calls&limit=1', 'name')).toEqual([
      ['ann@example.com', 3],
    ])
    expect(await list(admin, 'admin/usage/by-key', 'key_id')).toEqual([[key.id, 2]])
    expect(await list(admin, `admin/usage/by-model?key_id=${key.id}`, 'model')).toEqual([['b/two', 2]])
    // In all, beyond what each person's days are read for: of everything there is, and of nothing less.
    const ever = 'from=2025-11-01&to=2026-03-01'
    expect(await list(admin, `admin/usage/by-user?${ever}`, 'user_id')).toEqual([
      [null, 8],
      [ben.id, 4],
      [ann.id, 3],
    ])
    expect(await list(admin, `admin/usage/by-user?${ever}&provider=a`, 'user_id')).toEqual([[ann.id, 1]])
    expect(await list(admin, `admin/usage/by-key?${ever}&user_id=${ann.id}`, 'key_id')).toEqual([[key.id, 2]])
    const without = 'admin/usage/by-user?from=2025-11-01&to=2026-02-28'
    expect((await admin.ask('GET', `/api/v1/${without}`)).status).toBe(400)
    const { body } = await admin.ask('GET', '/api/v1/admin/usage/by-model')
    expect(body.items[0]).toMatchObject({ model: 'b/two', failed: 1, error_rate: 1 / 3 })
    for (const query of [
      'from=2026-02-31',
      'from=yesterday',
      'from=2026-03-02&to=2026-03-01',
      'from=1900-01-01',
    ])
      expect((await ann.ask('GET', `/api/v1/usage/by-day?${query}`)).status).toBe(400)
    expect((await ann.ask('GET', '/api/v1/admin/usage/summary')).status).toBe(403)
    expect((await admin.ask('GET', '/api/v1/admin/usage/summary?user_id=nobody')).status).toBe(404)
  })

  test('are the ledger, page by page or as a file', async () => {
    await using at = await startAsAdmin(start)
    const ann = await at.person('ann@example.com')
    const ben = await at.person('ben@example.com')
    const many = 1203
    await enter(
      at,
      ann.id,
      // Several at the same moment.
      Array.from({ length: many }, (_, n) => ({
        created_at: new Date(Date.UTC(2026, 1, 1) + Math.floor(n / 3) * 1000).toISOString(),
        prompt_tokens: n,
        model: n === 0 ? '=cmd/"x",y' : 'a/one',
      })),
    )
    await enter(at, ben.id, [{ created_at: '2026-02-01T00:00:00Z' }])
    const seen: number[] = []
    let cursor = ''
    do {
      const { body } = await ann.ask('GET', `/api/v1/usage/records?limit=100&cursor=${cursor}`)
      for (const { prompt_tokens } of body.items) seen.push(prompt_tokens)
      cursor = body.next_cursor ?? ''
    } while (cursor !== '')
    expect(seen.length).toBe(many)
    expect(new Set(seen).size).toBe(many)
    expect(seen[0]).toBeGreaterThanOrEqual(many - 3)
    const response = await ann.get('/api/v1/usage/records.csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = (await response.text()).split('\r\n')
    expect(lines.length).toBe(many + 2)
    expect(lines[0]).toStartWith('id,created_at,user_id,')
    expect(lines.find((line) => line.includes('cmd'))).toContain(',"\'=cmd/""x"",y",')
    const { body } = await ann.ask(
      'GET',
      '/api/v1/usage/records?model=a/one&from=2026-02-01T00:06:40Z&limit=100',
    )
    expect(
      body.items.map(({ prompt_tokens }: { prompt_tokens: number }) => prompt_tokens).toSorted(),
    ).toEqual([1200, 1201, 1202])
    for (const query of ['cursor=nonsense', 'from=then', 'kind=none', 'key_id=none'])
      expect([400, 404]).toContain((await ann.ask('GET', `/api/v1/usage/records?${query}`)).status)
    const { body: all } = await at.admin.ask('GET', `/api/v1/admin/usage/records?user_id=${ben.id}`)
    expect(all.items.map(({ user_id }: { user_id: string }) => user_id)).toEqual([ben.id])
    expect((await (await at.admin.get('/api/v1/admin/usage/records.csv')).text()).split('\r\n').length).toBe(
      many + 3,
    )
  })

  test('of a day are those of the same day, in all of it, by whatever they are told', async () => {
    await using at = await startAsAdmin(start, { TIMEZONE: timezone })
    const ann = await at.person('ann@example.com')
    await enter(at, ann.id, [
      { created_at: '2026-02-27T15:59:59Z', prompt_tokens: 1 },
      { created_at: '2026-02-27T16:00:00Z', prompt_tokens: 10 },
      { created_at: '2026-02-28T15:59:59Z', prompt_tokens: 100 },
      { created_at: '2026-02-28T16:00:00Z', prompt_tokens: 1000 },
    ])
    const day = 'from=2026-02-28&to=2026-02-28'
    const { body } = await ann.ask('GET', `/api/v1/usage/records?${day}`)
    const tokens = body.items.map(({ prompt_tokens }: { prompt_tokens: number }) => prompt_tokens)
    expect(tokens).toEqual([100, 10])
    const csv = await (await ann.get(`/api/v1/usage/records.csv?${day}`)).text()
    expect(csv.split('\r\n').length).toBe(4)
    const { body: byDay } = await ann.ask('GET', `/api/v1/usage/by-day?${day}`)
    expect(byDay.items).toMatchObject([{ prompt_tokens: 110 }])
  })

  test('enter the ledger once, however often they are sent, and after a deadlock too', async () => {
    await using at = await startAsAdmin(start)
    const { db } = at.app.deps
    // A sequence goes on where the statement is undone.
    await db.execute('create sequence attempts')
    await db.execute(`create function stumble() returns trigger language plpgsql as $$ begin
      if nextval('attempts') < 3 then raise 'deadlock detected' using errcode = '40P01'; end if;
      return new;
    end $$`)
    await db.execute(
      'create trigger stumble before insert on usage_events for each row execute function stumble()',
    )
    const row = rowOf({ created_at: '2026-02-01T00:00:00Z', prompt_tokens: 3 }, null)
    await Promise.all([enterUsage(at.app.deps, row), enterUsage(at.app.deps, row)])
    await enterUsage(at.app.deps, row)
    const sums = sql`
      select (select sum(calls) from usage_sums where shard between 1 and 8)::int as hours,
        (select sum(calls) from usage_sums where shard > 8)::int as days,
        (select sum(calls) from usage_totals)::int as totals`
    expect(await rows(at.app.deps, sums)).toEqual([{ hours: 1, days: 1, totals: 1 }])
  })
})
