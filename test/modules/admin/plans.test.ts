import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { rows } from '../chat/chat.ts'
import { startAsAdmin } from './admin.ts'

const plansPath = '/api/v1/admin/plans'

describeOnBothStacks('plans, as administrators see them', (start) => {
  test('are made, changed and deleted, and what people have counts at once', async () => {
    await using at = await startAsAdmin(start)
    const { admin } = at
    const ann = await at.person('ann@example.com')
    const quota = async () => (await ann.ask('GET', '/api/v1/users/me/quota')).body
    const { body: first } = await admin.ask('GET', plansPath)
    expect(first.items.map(({ name, limits }: { name: string; limits: object }) => [name, limits])).toEqual([
      ['free', { requests_day: 50, tokens_day: 10_000, requests_month: 1000, tokens_month: 100_000 }],
      ['unlimited', {}],
      ['vip', { requests_day: 200, tokens_day: 50_000, requests_month: 5000, tokens_month: 1_500_000 }],
    ])
    const basic = { name: 'basic', limits: { requests_day: 7, tokens_day: null } }
    expect(await admin.ask('POST', plansPath, basic)).toMatchObject({
      status: 201,
      body: { name: 'basic', limits: { requests_day: 7 } },
    })
    expect((await admin.ask('POST', plansPath, basic)).status).toBe(409)
    const window = readEvents(await ann.get('/api/v1/events'))
    expect((await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'gone' })).status).toBe(400)
    expect((await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'basic' })).status).toBe(200)
    expect((await window.next())?.type).toBe('quota_changed')
    expect(await quota()).toMatchObject({
      plan: 'basic',
      windows: { 0: { unit: 'requests', limit: 7, left: 7 } },
    })
    await admin.ask('PUT', `${plansPath}/basic`, { limits: { cost_month: 9 } })
    expect((await quota()).windows[0].limit).toBeNull()
    expect((await quota()).windows[5]).toMatchObject({ unit: 'cost', period: 'month', limit: 9 })
    expect((await admin.ask('DELETE', `${plansPath}/basic`)).status).toBe(409)
    await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: null })
    const model = { provider: 'deepseek', upstream: 'other', plans: ['vip', 'basic'] }
    const { body: entry } = await admin.ask('POST', '/api/v1/admin/models', model)
    expect(await admin.ask('DELETE', `${plansPath}/basic`)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: 'Models are for this plan: deepseek/other' },
    })
    await admin.ask('PUT', `/api/v1/admin/models/${entry.id}`, { plans: ['vip'] })
    expect((await admin.ask('DELETE', `${plansPath}/basic`)).status).toBe(204)
    for (const name of ['free', 'unlimited'])
      expect((await admin.ask('DELETE', `${plansPath}/${name}`)).status).toBe(409)
    expect((await admin.ask('DELETE', `${plansPath}/basic`)).status).toBe(404)
    const acts = await rows<{ action: string }>(
      at.app.deps,
      sql`select action from audit_log where action like 'plan.%' order by id`,
    )
    expect(acts.map(({ action }) => action)).toEqual(['plan.create', 'plan.update', 'plan.delete'])
    expect((await ann.ask('GET', plansPath)).status).toBe(403)
  })

  test('of nonsense are none', async () => {
    await using at = await startAsAdmin(start)
    const limits = [
      { requests_day: -1 },
      { tokens_day: 1.5 },
      { tokens_day: 'many' },
      { cost_month: 1e15 },
      5,
      {},
      { request_day: 5 },
    ]
    const bodies = [
      ...limits.map((given) => ({ name: 'basic', limits: given })),
      { name: 'Basic', limits: { tokens_day: 1 } },
      { name: 'basic' },
    ]
    for (const body of bodies) {
      const { status } = await at.admin.ask('POST', plansPath, body)
      expect({ ...body, status }).toEqual({ ...body, status: 400 })
    }
  })

  test('somebody gets other limits, days that begin elsewhere, and money', async () => {
    await using at = await startAsAdmin(start, { DEFAULT_PLAN: 'free' })
    const ann = await at.person('ann@example.com')
    const path = `/api/v1/admin/users/${ann.id}`
    const given = { limits: { requests_day: null, tokens_day: 5 }, timezone: 'America/New_York' }
    const { status, body } = await at.admin.ask('PUT', `${path}/quota`, given)
    expect(status).toBe(200)
    expect(body.override).toEqual(given)
    const { windows } = (await ann.ask('GET', '/api/v1/users/me/quota')).body
    expect(windows.slice(0, 2)).toMatchObject([
      { unit: 'requests', limit: null, resets_at: '2026-03-02T05:00:00.000Z' },
      { unit: 'tokens', limit: 5 },
    ])
    expect(windows[3]).toMatchObject({ unit: 'requests', period: 'month', limit: 1000 })
    for (const timezone of ['Mars/Olympus', '+08:00', '']) {
      expect((await at.admin.ask('PUT', `${path}/quota`, { timezone })).status).toBe(400)
    }
    expect((await at.admin.ask('DELETE', `${path}/quota`)).status).toBe(204)
    expect((await at.admin.ask('GET', `${path}/quota`)).body.override).toBeNull()
    expect((await ann.ask('GET', '/api/v1/users/me/quota')).body.windows[0].limit).toBe(50)

    expect((await at.admin.ask('POST', `${path}/balance`, { micros: 900, note: 'sorry' })).body.micros).toBe(
      900,
    )
    expect((await at.admin.ask('POST', `${path}/balance`, { micros: -400 })).body.micros).toBe(500)
    expect((await at.admin.ask('POST', `${path}/balance`, { micros: 0 })).status).toBe(400)
    expect((await at.admin.ask('GET', `${path}/balance`)).body.micros).toBe(500)
    expect((await at.admin.ask('GET', '/api/v1/admin/users/nobody/quota')).status).toBe(404)
  })
})
