import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { stopTurn } from '../../../src/modules/chat/stop-turn.ts'
import { getQuota } from '../../../src/modules/usage/get-quota.ts'
import { sweepReservations } from '../../../src/modules/usage/jobs.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { createAsker } from '../chat/asker.ts'
import { createConversation, createPerson, readAll, rows, setUp } from '../chat/chat.ts'
import { givePlan, held, ledger, obedient, usedBy } from './usage.ts'

describeOnBothStacks('a plan', (start) => {
  test('is shown with what was used of it', async () => {
    await using app = await start({ DEFAULT_PLAN: 'free', TIMEZONE: 'Asia/Shanghai' })
    const ann = await createAsker(app)
    app.upstream.play({ text: ['hi'] })
    await (await ann.ask('hello')).all()
    const response = await ann.visitor.get('/api/v1/users/me/quota')
    expect(response.status).toBe(200)
    const day = '2026-03-01T16:00:00.000Z'
    const month = '2026-03-31T16:00:00.000Z'
    expect(await response.json()).toEqual({
      plan: 'free',
      windows: [
        { unit: 'requests', period: 'day', limit: 50, used: 1, left: 49, resets_at: day },
        { unit: 'tokens', period: 'day', limit: 10_000, used: 8, left: 9992, resets_at: day },
        { unit: 'cost', period: 'day', limit: null, used: 0, left: null, resets_at: day },
        { unit: 'requests', period: 'month', limit: 1000, used: 1, left: 999, resets_at: month },
        { unit: 'tokens', period: 'month', limit: 100_000, used: 8, left: 99_992, resets_at: month },
        { unit: 'cost', period: 'month', limit: null, used: 0, left: null, resets_at: month },
      ],
    })
    expect((await app.visitor().get('/api/v1/users/me/quota')).status).toBe(401)
  })

  test('that is used up refuses, says what and until when, and begins anew by itself', async () => {
    await using app = await start({ TIMEZONE: 'Asia/Shanghai' })
    const ann = await createAsker(app)
    await givePlan(app.deps, ann.userId, { requests_day: 1, requests_month: 2 })
    await (await ann.ask('hello')).all()
    const ask = () =>
      ann.post(`/api/v1/conversations/${ann.conversationId}/messages/stream`, { content: 'hi' })
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe(String(4 * 3600))
    expect(await refused.json()).toMatchObject({
      code: 'quota_exceeded',
      unit: 'requests',
      period: 'day',
      limit: 1,
      used: 1,
      resets_at: '2026-03-01T16:00:00.000Z',
    })
    app.clock.advance(4 * 3600 - 1)
    expect((await ask()).status).toBe(429)
    app.clock.advance(1)
    const answered = await ask()
    expect(answered.status).toBe(200)
    await answered.text()
    expect(await usedBy(app.deps, ann.userId)).toMatchObject({ requests_day: 1, requests_month: 2 })
    app.clock.advance(24 * 3600)
    // Of several limits the one that takes longest.
    expect(await (await ask()).json()).toMatchObject({
      period: 'month',
      resets_at: '2026-03-31T16:00:00.000Z',
    })
    app.clock.advance(30 * 24 * 3600)
    const question = { conversationId: ann.conversationId, content: 'hi' }
    await readAll(app.deps, ann.userId, (await startTurn(app.deps, ann.userId, question)).turnId)
    expect(await usedBy(app.deps, ann.userId)).toMatchObject({ requests_day: 1, requests_month: 1 })
  })

  test('is kept to the last request and token by two hundred at once', async () => {
    await using at = await setUp(start, { MAX_TURNS_PER_USER: '0' })
    const { deps, userId } = at
    await givePlan(deps, userId, { requests_day: 50 })
    const conversations = await Promise.all(
      Array.from({ length: 200 }, () => createConversation(deps, userId)),
    )
    const askAll = async () => {
      const tries = await Promise.allSettled(
        conversations.map((conversationId) =>
          startTurn(deps, userId, { conversationId, content: 'hi', parameters: { max_tokens: 100 } }),
        ),
      )
      const begun = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.turnId] : []))
      await Promise.all(begun.map((turnId) => deps.turns.get(turnId)?.ended))
      return { begun, refused: tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : [])) }
    }
    at.app.upstream.play(...Array(200).fill(obedient))
    const byRequests = await askAll()
    expect(byRequests.begun).toHaveLength(50)
    expect(byRequests.refused).toEqual(Array(150).fill('quota_exceeded'))
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 50, tokens_day: 50 * 120 })
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })

    const limit = 50 * 120 + 3000
    await givePlan(deps, userId, { tokens_day: limit })
    at.app.upstream.reset()
    at.app.upstream.play(...Array(200).fill(obedient))
    const byTokens = await askAll()
    expect(byTokens.begun.length).toBeGreaterThan(20)
    expect(byTokens.begun.length).toBeLessThan(40)
    const { tokens } = await ledger(deps)
    // By no more than the last one that was let in: what prompts come to was learned from the first fifty.
    expect(tokens).toBeLessThanOrEqual(limit + 120)
    expect(await usedBy(deps, userId)).toMatchObject({ tokens_day: tokens, tokens_month: tokens })
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })
  }, 60_000)

  test('shortens the answer for which too little is left, and asks for no title then', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    await givePlan(deps, userId, { tokens_day: 500 })
    const conversationId = await createConversation(deps, userId, { title: null })
    at.app.upstream.play({ tokens: 2000, usage: null })
    const { turnId } = await startTurn(deps, userId, { conversationId, content: 'hello' })
    const entries = await readAll(deps, userId, turnId)
    const [asked, ...others] = at.app.upstream.requests
    expect(others).toEqual([])
    const granted = Number(asked?.body.max_tokens)
    expect(granted).toBeGreaterThan(400)
    expect(granted).toBeLessThan(500)
    // This one does not keep to it, and is cut.
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toEqual({ finish_reason: 'length' })
    const used = (await usedBy(deps, userId)).tokens_day
    expect(used).toBeLessThan(500 * 1.4)
    expect(await errorOf(at.ask('again'))).toMatchObject({
      code: 'quota_exceeded',
      extra: { unit: 'tokens' },
    })
  })

  test('holds an answer of which nobody has said how long it may be to what was granted', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    const { provider, model } = deps.llm.defaultModel
    const offer = {
      ...{ id: `${provider}/${model}`, provider, model, name: model, isEnabled: true, fallbacks: [] },
      ...{ contextWindow: 20_000, maxOutputTokens: 100, plans: null },
      prices: { input: 1_000_000, cachedInput: null, output: 2_000_000, reasoning: null },
      capabilities: { vision: null, reasoning: null, tools: null },
    }
    deps.llm.configure({ accesses: [], models: [offer], defaultModel: null })
    for (const limits of [{ tokens_day: 100_000 }, { cost_day: 1_000_000 }]) {
      await givePlan(deps, userId, limits)
      at.app.upstream.play({ tokens: 2000, delayMs: 1, usage: null })
      const entries = await readAll(deps, userId, (await at.ask()).turnId)
      expect(at.app.upstream.requests.at(-1)?.body.max_tokens).toBe(100)
      expect(JSON.parse(entries.at(-1)?.data ?? '')).toEqual({ finish_reason: 'length' })
    }
    // The second question has the first answer before it.
    expect((await ledger(deps)).tokens).toBeLessThan(600)
    // At the price of the dearest that may stand in.
    const dear = { ...offer.prices, output: 20_000_000 }
    const spare = { ...offer, id: 'spare', model: 'spare', prices: dear }
    deps.llm.configure({
      accesses: [],
      models: [{ ...offer, fallbacks: ['spare'] }, spare],
      defaultModel: null,
    })
    await givePlan(deps, userId, { cost_month: 3000 })
    await readAll(deps, userId, (await at.ask()).turnId)
    expect(Number(at.app.upstream.requests.at(-1)?.body.max_tokens)).toBeLessThan(100)
    await givePlan(deps, userId, { requests_day: 100 })
    await readAll(deps, userId, (await at.ask()).turnId)
    expect(at.app.upstream.requests.at(-1)?.body).not.toHaveProperty('max_tokens')
  })

  test('holds nothing for what is refused, fails without a word, or takes too long', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    await givePlan(deps, userId, { requests_day: 5, tokens_day: 100_000 })
    at.app.upstream.play({ status: 404, body: '{"error":{"message":"no"}}' })
    await readAll(deps, userId, (await at.ask()).turnId)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 0, tokens_day: 0 })
    expect(await rows(deps, sql`select outcome, prompt_tokens, error_code from usage_events`)).toEqual([
      { outcome: 'failed', prompt_tokens: 0, error_code: 'provider_rejected' },
    ])
    at.app.upstream.play({ text: ['so far'], end: 'hang' })
    const { turnId } = await at.ask()
    expect(await errorOf(at.ask('again'))).toMatchObject({ code: 'turn_running' })
    expect(await held(deps)).toMatchObject({ reservations: 1 })
    expect((await usedBy(deps, userId)).requests_day).toBe(1)

    at.app.clock.advance(15 * 60 + 1)
    await sweepReservations(deps)
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 1 })
    await stopTurn(deps, userId, turnId)
    await deps.turns.get(turnId)?.ended
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 1 })
    expect((await usedBy(deps, userId)).tokens_day).toBeGreaterThan(5)
  })

  test('counts a title as tokens alone', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    await givePlan(deps, userId, { requests_day: 5, tokens_day: 100_000 })
    const conversationId = await createConversation(deps, userId, { title: null })
    at.app.upstream.play({ text: ['hi'] }, { text: ['A greeting'] })
    const { turnId } = await startTurn(deps, userId, { conversationId, content: 'hello' })
    await readAll(deps, userId, turnId)
    while ((await ledger(deps)).calls < 2) await Bun.sleep(5)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 1, tokens_day: 16 })
  })

  test('of nobody, and one that is not there, allow what free allows', async () => {
    await using app = await start({ DEFAULT_PLAN: 'gone' })
    const userId = await createPerson(app.deps)
    const { plan, windows } = await getQuota(app.deps, userId)
    expect({ plan, limit: windows[0]?.limit }).toEqual({ plan: 'gone', limit: 50 })
    await app.deps.db.execute(sql`update users set plan = 'unlimited' where id = ${userId}`)
    expect((await getQuota(app.deps, userId)).windows.map(({ limit }) => limit)).toEqual(Array(6).fill(null))
  })

  test('without limits holds nothing, and counts all the same', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['so far'], end: 'hang' })
    const { turnId } = await at.ask()
    expect(await held(at.deps)).toEqual({ tokens: 0, reservations: 0 })
    await stopTurn(at.deps, at.userId, turnId)
    await at.deps.turns.get(turnId)?.ended
    expect(await usedBy(at.deps, at.userId)).toMatchObject({ requests_day: 1, requests_month: 1 })
  })
})
