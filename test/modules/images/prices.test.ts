import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import { startImageUpstream } from '../../support/image-upstream.ts'
import { type Answer, type Person, startAsAdmin } from '../admin/admin.ts'
import { rows } from '../chat/chat.ts'
import { held } from '../usage/usage.ts'

const entries = '/api/v1/admin/models'
const gpt = 'openai/gpt-image-1'
const wanx = 'qwen/wanx'

async function setUp(start: StartApp) {
  const painter = startImageUpstream()
  const house = await startAsAdmin(start, {
    CURRENCY: 'CNY',
    LIMIT_IMAGE_USER: '0',
    LIMIT_API_AUTH_IP: '0',
    OPENAI_BASE_URL: painter.openaiUrl,
    OPENAI_API_KEY: 'sk-openai',
    DASHSCOPE_BASE_URL: painter.dashscopeUrl,
    DASHSCOPE_API_KEY: 'sk-dash',
    MODELS: 'deepseek/deepseek-chat,qwen/qwen-plus',
    IMAGE_MODELS: `${gpt},wanx`,
  })
  return {
    ...house,
    painter,
    ann: await house.person('ann@example.com'),
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await painter.stop()
    },
  }
}

const draw = (who: Person, wish: object = {}) =>
  who.ask('POST', '/api/v1/images', { prompt: 'a fox', ...wish })

async function offered(who: Person) {
  return (await who.ask('GET', '/api/v1/image-models')).body.items
}

async function limitsOf(person: Person, unit: string) {
  const { body } = await person.ask('GET', '/api/v1/users/me/quota')
  return body.windows.find(
    (one: { unit: string; period: string }) => one.unit === unit && one.period === 'day',
  )
}

function withKey(origin: string, key: string) {
  return async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, body: isJson ? await response.json() : await response.bytes() }
  }
}

describeOnBothStacks('pictures that cost money', (start) => {
  test('are within its limits, in the ledger, and paid from the balance when they are not', async () => {
    await using at = await setUp(start)
    const { admin, ann, app } = at
    for (const picture_price of [-1, 0.5, 1e13]) {
      const wrong = await admin.ask('POST', entries, { provider: 'openai', upstream: 'x', picture_price })
      expect([wrong.status, wrong.body.errors]).toMatchObject([400, [{ path: 'picture_price' }]])
    }
    // What it is, the settings know.
    const made = await admin.ask('POST', entries, {
      provider: 'openai',
      upstream: 'gpt-image-1',
      model_id: 'painter',
      name: 'The painter',
      picture_price: 40_000,
    })
    expect(made.body).toMatchObject({ draws: true, picture_price: 40_000, prices: null, usable: true })
    expect(await offered(ann)).toEqual([
      {
        id: 'painter',
        provider: 'openai',
        name: 'The painter',
        prices: { currency: 'CNY', picture: 40_000 },
        available: true,
        default: true,
      },
      { id: wanx, provider: 'qwen', name: 'wanx', prices: null, available: true, default: false },
    ])
    const { body: speakers } = await ann.ask('GET', '/api/v1/models')
    expect(speakers.items.map(({ id }: { id: string }) => id)).not.toContain('painter')

    await admin.ask('POST', '/api/v1/admin/plans', { name: 'art', limits: { cost_day: 120_000 } })
    await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'art' })
    const two = await draw(ann, { n: 2 })
    expect([two.status, two.body.items[0].model]).toEqual([201, 'painter'])
    expect(await draw(ann, { n: 2, model: gpt })).toMatchObject({
      status: 429,
      body: { code: 'quota_exceeded', unit: 'cost', limit: 120_000, used: 80_000 },
    })
    expect((await draw(ann, { model: wanx })).status).toBe(201)
    // To the last millionth.
    expect((await draw(ann, { model: gpt })).status).toBe(201)
    expect((await draw(ann)).status).toBe(429)
    expect(await limitsOf(ann, 'cost')).toMatchObject({ used: 120_000, left: 0 })
    await admin.ask('POST', `/api/v1/admin/users/${ann.id}/balance`, { micros: 40_000 })
    expect((await draw(ann)).status).toBe(201)
    expect((await draw(ann)).status).toBe(429)
    expect((await ann.ask('GET', '/api/v1/users/me/balance')).body.micros).toBe(0)
    const { body: summary } = await ann.ask('GET', '/api/v1/usage/summary')
    expect(summary.today).toMatchObject({ calls: 4, images: 5, cost_micros: 160_000, unpriced: 1 })
    const { body: records } = await ann.ask('GET', '/api/v1/usage/records')
    expect(
      records.items.map((one: Record<string, unknown>) => [one.model, one.provider, one.cost_micros]),
    ).toEqual([
      ['painter', 'openai', 40_000],
      ['painter', 'openai', 40_000],
      [wanx, 'qwen', null],
      ['painter', 'openai', 80_000],
    ])
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
  })

  test('are for whose plan includes their model, and another may stand in for it', async () => {
    await using at = await setUp(start)
    const { admin, ann, painter } = at
    const entry = { provider: 'openai', upstream: 'gpt-image-1', picture_price: 40_000, fallbacks: [wanx] }
    const { body: made } = await admin.ask('POST', entries, entry)
    painter.refuse({ status: 503, body: {} })
    const instead = await draw(ann)
    expect([instead.status, instead.body.items[0].model]).toEqual([201, wanx])
    // Drawn and paid, and nowhere to be fetched: the other is not asked too.
    const { length } = painter.asked
    painter.elsewhere = 'http://127.0.0.1:1/x'
    expect(await draw(ann)).toMatchObject({ status: 502, body: { code: 'provider_unavailable' } })
    expect(painter.asked.slice(length).map(({ body }) => body.model)).toEqual(['gpt-image-1'])
    painter.elsewhere = null
    await admin.ask('PUT', `${entries}/${made.id}`, { plans: ['vip'] })
    expect(await offered(ann)).toMatchObject([
      { id: gpt, available: false, default: false },
      { id: wanx, available: true, default: true },
    ])
    expect(await draw(ann, { model: gpt })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await draw(ann)).body.items[0].model).toBe(wanx)
    await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'vip' })
    expect((await draw(ann)).body.items[0].model).toBe(gpt)
    await admin.ask('PUT', `${entries}/${made.id}`, { enabled: false })
    expect((await draw(ann, { model: gpt })).status).toBe(400)
    expect(await offered(ann)).toMatchObject([{ id: wanx }])
    expect(
      (await admin.ask('POST', entries, { provider: 'qwen', upstream: 'flux', draws: true })).status,
    ).toBe(201)
    const unlike = { provider: 'qwen', upstream: 'qwen-max', fallbacks: ['qwen/flux'] }
    expect((await admin.ask('POST', entries, unlike)).body.errors).toMatchObject([{ path: 'fallbacks' }])
  })

  test('and those that are kept are open to API keys, each for what it is for', async () => {
    await using at = await setUp(start)
    const { admin, ann, app, painter } = at
    await admin.ask('POST', entries, { provider: 'openai', upstream: 'gpt-image-1', picture_price: 40_000 })
    const keyFor = async (wish: object) => {
      const { status, body } = await ann.ask('POST', '/api/v1/keys', { name: 'k', ...wish })
      expect([status, body.errors]).toEqual([201, undefined])
      return { id: body.id as string, ask: withKey(app.url, body.key) }
    }
    const painting = await keyFor({ scopes: ['images'], models: [gpt], quota: { cost_day: 80_000 } })
    const filing = await keyFor({ scopes: ['files'] })
    const order = { prompt: 'a fox', model: gpt }
    const drawn = await painting.ask('POST', '/api/v1/images', order)
    expect(drawn.status).toBe(201)
    const [{ id }] = drawn.body.items
    const denied = { status: 403, body: { code: 'forbidden' } }
    expect(await painting.ask('POST', '/api/v1/images', { ...order, model: wanx })).toMatchObject(denied)
    expect(await painting.ask('GET', '/api/v1/images')).toMatchObject(denied)
    expect(await painting.ask('GET', '/api/v1/users/me')).toMatchObject({ status: 401 })
    expect((await painting.ask('GET', '/api/v1/image-models')).body.items).toMatchObject([
      { id: gpt, available: true },
      { id: wanx, available: false },
    ])
    expect(await filing.ask('POST', '/api/v1/images', order)).toMatchObject(denied)
    expect((await filing.ask('GET', '/api/v1/images')).body.items).toMatchObject([{ id }])
    expect((await filing.ask('GET', `/api/v1/images/${id}`)).status).toBe(200)
    expect((await filing.ask('GET', `/api/v1/images/${id}/content`)).status).toBe(200)
    expect((await filing.ask('DELETE', `/api/v1/images/${id}`)).status).toBe(204)

    // The same models, and the same money, at the other door.
    const wish = (model: string) => painting.ask('POST', '/v1/images/generations', { prompt: 'a fox', model })
    const listed = await painting.ask('GET', '/v1/models')
    expect(listed.body.data.map((one: { id: string }) => one.id)).toEqual([gpt])
    expect((await wish(wanx)).status).toBe(404)
    expect((await wish(gpt)).status).toBe(200)
    expect(await wish(gpt)).toMatchObject({ status: 429, body: { error: { code: 'insufficient_quota' } } })
    await Promise.all(app.deps.usageEntries.underWay.keys())
    expect(
      await rows(
        app.deps,
        sql`select model, images, cost_micros::integer as cost from usage_events order by id`,
      ),
    ).toEqual([
      { model: gpt, images: 1, cost: 40_000 },
      { model: gpt, images: 1, cost: 40_000 },
    ])

    const slow = await keyFor({ scopes: ['images'], models: [wanx] })
    painter.states = Array.from({ length: 200 }, () => ({ task_status: 'RUNNING' }))
    const cut = slow.ask('POST', '/api/v1/images', { ...order, model: wanx })
    while (painter.looks === 0) await Bun.sleep(10)
    expect((await ann.ask('DELETE', `/api/v1/keys/${slow.id}`)).status).toBe(204)
    expect((await cut).status).toBe(401)
  })
})
