import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Deps } from '../../../src/deps.ts'
import type { Prices } from '../../../src/llm/llm.ts'
import { getBalance, grantBalance, redeemCode } from '../../../src/modules/usage/balance.ts'
import { releaseUsage, reserveUsage } from '../../../src/modules/usage/reserve-usage.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startAsAdmin } from '../admin/admin.ts'
import { errorOf } from '../auth/accounts.ts'
import { readAll, rows, setUp } from '../chat/chat.ts'
import { givePlan, usedBy } from './usage.ts'

const codesPath = '/api/v1/admin/top-up-codes'
const redeemPath = '/api/v1/users/me/balance/redeem'

describeOnBothStacks('a balance', (start) => {
  test('is paid in with codes, each once for a person, and as often as it says', async () => {
    await using at = await startAsAdmin(start, { LIMIT_REDEEM_USER: '0', CURRENCY: 'CNY' })
    const ann = await at.person('ann@example.com')
    const ben = await at.person('ben@example.com')
    const made = await at.admin.ask('POST', codesPath, { micros: 5_000_000, count: 2, max_uses: 2 })
    expect(made.status).toBe(201)
    const [first, second] = made.body.items
    expect(first.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(await ann.ask('GET', '/api/v1/users/me/balance')).toMatchObject({
      body: { micros: 0, currency: 'CNY' },
    })
    const typed = ` ${first.code.toLowerCase().replaceAll('-', ' ')} `
    expect(await ann.ask('POST', redeemPath, { code: typed })).toEqual({
      status: 200,
      body: { micros: 5_000_000, added_micros: 5_000_000, currency: 'CNY' },
    })
    expect(await ann.ask('POST', redeemPath, { code: first.code })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
    expect((await ben.ask('POST', redeemPath, { code: first.code })).status).toBe(200)
    const cara = await at.person('cara@example.com')
    const unknown = await cara.ask('POST', redeemPath, { code: 'ABCDE-12345-ABCDE-12345' })
    const usedUp = await cara.ask('POST', redeemPath, { code: first.code })
    expect((await at.admin.ask('DELETE', `${codesPath}/${second.id}`)).status).toBe(204)
    const withdrawn = await cara.ask('POST', redeemPath, { code: second.code })
    const expiring = await at.admin.ask('POST', codesPath, {
      micros: 1,
      expires_at: new Date(at.app.clock.now.getTime() + 60_000).toISOString(),
    })
    at.app.clock.advance(60)
    const expired = await cara.ask('POST', redeemPath, { code: expiring.body.items[0].code })
    expect(unknown.status).toBe(404)
    for (const { status, body } of [usedUp, withdrawn, expired]) {
      expect({ status, detail: body.detail, code: body.code }).toEqual({
        status: 404,
        detail: unknown.body.detail,
        code: 'not_found',
      })
    }
    const { body: listed } = await at.admin.ask('GET', codesPath)
    expect(listed.items.map(({ uses }: { uses: number }) => uses).toSorted()).toEqual([0, 0, 2])
    expect(JSON.stringify(listed)).not.toContain(first.code.slice(0, 11))
    const { body: entries } = await ann.ask('GET', '/api/v1/users/me/balance/entries')
    expect(entries.items).toMatchObject([{ micros: 5_000_000, reason: 'code' }])
    const ofAnn = `/api/v1/admin/users/${ann.id}/balance/entries`
    expect((await at.admin.ask('GET', ofAnn)).body).toEqual(entries)
    expect((await ben.ask('GET', ofAnn)).status).toBe(403)
  })

  test('is never paid in twice, however many try at once', async () => {
    await using at = await startAsAdmin(start, { LIMIT_REDEEM_USER: '0' })
    const { deps } = at.app
    const ann = await at.person('ann@example.com')
    const ben = await at.person('ben@example.com')
    const { body } = await at.admin.ask('POST', codesPath, { micros: 7, max_uses: 1 })
    const ids = await rows<{ id: number }>(
      deps,
      sql`select id::integer as id from users where uid in (${ann.id}, ${ben.id})`,
    )
    const tries = Array.from({ length: 20 }, (_, at) =>
      redeemCode(deps, ids[at % 2]?.id ?? 0, body.items[0].code).then(
        () => 'paid',
        ({ code }) => code,
      ),
    )
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(1)
    const sums = await rows(
      deps,
      sql`select sum(micros)::integer as paid, (select sum(micros)::integer from balance_entries) as entered,
        (select uses from top_up_codes) as uses from balances`,
    )
    expect(sums).toEqual([{ paid: 7, entered: 7, uses: 1 }])
  })

  test('pays for what the plan has no room for, at the price of the model', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    price(deps, { input: 1_000_000, cachedInput: null, output: 2_000_000, reasoning: null })
    await givePlan(deps, userId, { requests_day: 1 })
    await deps.db.transaction((tx) => grantBalance(deps, tx, userId, 2000))
    const ask = async () => {
      at.app.upstream.play({
        text: ['hi'],
        usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
      })
      const entries = await readAll(deps, userId, (await at.ask('hello')).turnId)
      return JSON.parse(entries.at(-2)?.data ?? '').cost
    }
    expect(await ask()).toBe(0.00004)
    expect(await getBalance(deps, userId)).toBe(2000)
    expect(await ask()).toBe(0.00004)
    expect(await getBalance(deps, userId)).toBe(1960)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 1, cost_day: 40 })
    const [, paid] = await rows<{ micros: string }>(
      deps,
      sql`select micros, reason from balance_entries order by id`,
    )
    expect(paid?.micros).toBe('-40')
    // No longer an answer than it can pay.
    expect(Number(at.app.upstream.requests.at(-1)?.body.max_tokens)).toBeLessThan(1000)
    await deps.db.transaction((tx) => grantBalance(deps, tx, userId, -1959))
    expect(await errorOf(at.ask('hello'))).toMatchObject({
      code: 'quota_exceeded',
      extra: { unit: 'requests' },
    })
    const heldNow = async () => await rows(deps, sql`select held_micros::integer as held from balances`)
    expect(await heldNow()).toEqual([{ held: 0 }])
    // What wants no words, such as an embedding, is paid too, as long as there is enough.
    await deps.db.transaction((tx) => grantBalance(deps, tx, userId, 20))
    const prices = { input: 1_000_000, cachedInput: null, output: 0, reasoning: null }
    const wish = {
      userId,
      key: null,
      models: [],
      prices,
      promptTokens: 20,
      wantedTokens: 0,
      ifInterrupted: null,
    }
    const embedding = await reserveUsage(deps, wish)
    expect(await heldNow()).toEqual([{ held: 20 }])
    expect(await errorOf(reserveUsage(deps, wish))).toMatchObject({ code: 'quota_exceeded' })
    await releaseUsage(deps, embedding)
    expect(await heldNow()).toEqual([{ held: 0 }])

    await givePlan(deps, userId, { cost_day: 90 })
    expect(await ask()).toBe(0.00004)
    expect(await errorOf(at.ask('hello'))).toMatchObject({
      code: 'quota_exceeded',
      extra: { unit: 'cost', period: 'day', limit: 90, used: 80 },
    })
  })

  test('may be tried so often only', async () => {
    await using at = await startAsAdmin(start, { LIMIT_REDEEM_USER: '2/60' })
    const ann = await at.person('ann@example.com')
    const statuses: number[] = []
    for (let tries = 0; tries < 3; tries++) {
      statuses.push((await ann.ask('POST', redeemPath, { code: 'ABCDE' })).status)
    }
    expect(statuses).toEqual([404, 404, 429])
    const [user] = await rows<{ id: number }>(
      at.app.deps,
      sql`select id::integer as id from users where uid = ${ann.id}`,
    )
    expect(await errorOf(redeemCode(at.app.deps, user?.id ?? 0, 'x'))).toMatchObject({ code: 'rate_limited' })
  })
})

/** Says what the model costs that answers. */
function price({ llm }: Deps, prices: Prices): void {
  const { provider, model } = llm.defaultModel
  const offer = {
    id: `${provider}/${model}`,
    provider,
    model,
    name: model,
    isEnabled: true,
    contextWindow: null,
    maxOutputTokens: null,
    prices,
    capabilities: { vision: null, reasoning: null, tools: null },
    plans: null,
    fallbacks: [],
  }
  llm.configure({ accesses: [], models: [offer], defaultModel: null })
}
