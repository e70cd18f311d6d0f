import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { UsageLimits } from '../../../src/db/usage-tables.ts'
import type { ModelOffer } from '../../../src/llm/llm.ts'
import { rows } from '../../modules/chat/chat.ts'
import { givePlan, obedient } from '../../modules/usage/usage.ts'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { hello, openGateway } from './gateway.ts'

setDefaultTimeout(60_000)

const chat = '/chat/completions'
const streaming = { ...hello, model: 'small', stream: true }
const prices = { input: 1_000_000, cachedInput: null, output: 2_000_000, reasoning: null }

const small: ModelOffer = {
  id: 'small',
  provider: 'deepseek',
  model: 'small-one',
  name: 'Small',
  isEnabled: true,
  contextWindow: 20_000,
  maxOutputTokens: 100,
  plans: null,
  prices: null,
  capabilities: { vision: null, reasoning: null, tools: null },
  fallbacks: [],
}

async function setUp(start: StartApp) {
  const at = await openGateway(start)
  const { deps, upstream } = at.app
  const [row] = await rows<{ id: number }>(deps, sql`select id::integer as id from users`)
  return {
    ...at,
    offer: (...models: ModelOffer[]) => deps.llm.configure({ accesses: [], models, defaultModel: null }),
    async plan(limits: UsageLimits) {
      await givePlan(deps, row?.id ?? 0, limits)
      // Otherwise it is known a second later.
      deps.farRooms.clear()
    },
    /** What the providers were asked, and the text of the answer. */
    async sent(body: object) {
      upstream.requests.length = 0
      const text = await (await at.ask(chat, body)).text()
      return { text, asked: upstream.requests.map((request) => request.body) }
    },
  }
}

/** A model that says as much as it may, in words that we count as it does. */
function sayingAll(question: Record<string, unknown>): Script {
  const script = obedient(question)
  return { ...script, text: Array(script.tokens).fill('a ') }
}

describeOnBothStacks('an answer that tokens or money limit', (start) => {
  test('is told its length, and cut where the model does not keep to it', async () => {
    await using at = await setUp(start)
    const { upstream } = at.app
    at.offer(small)
    await at.plan({ requests_day: 1000 })
    upstream.play({ tokens: 200 })
    const { text: free, asked: unlimited } = await at.sent(streaming)
    expect(unlimited[0]).not.toHaveProperty('max_tokens')
    expect(free).toContain('"finish_reason":"stop"')

    // Far from the limit, near it, and of money.
    for (const limits of [{ tokens_day: 1_000_000 }, { tokens_day: 1500 }, { cost_day: 2000 }]) {
      await at.plan(limits)
      at.offer({ ...small, prices })
      upstream.play({ tokens: 3000, delayMs: 1, usage: null })
      const { text, asked } = await at.sent(streaming)
      expect(asked).toMatchObject([{ max_tokens: 100 }])
      expect(text).toEndWith('"finish_reason":"length"}]}\n\ndata: [DONE]\n\n')
      expect(text.split('"content":').length).toBeLessThan(250)
      expect(await upstream.requests[0]?.closed).toBe('left')
    }
    const [, ...cut] = await at.ledger(4)
    for (const row of cut) {
      expect(row).toMatchObject({ outcome: 'complete', isEstimated: true })
      expect(row.completion).toBeWithin(100, 250)
    }
  })

  test('is no longer than the model that stands in may write', async () => {
    await using at = await setUp(start)
    at.offer({ ...small, maxOutputTokens: 6000, fallbacks: ['spare'] }, { ...small, id: 'spare', model: 'b' })
    for (const limits of [{}, { tokens_day: 1_000_000 }]) {
      await at.plan(limits)
      at.app.upstream.play({ status: 500, body: '{}' }, { text: ['fine'] })
      const { text, asked } = await at.sent({ ...streaming, max_tokens: 5000 })
      expect(asked).toMatchObject([{ max_tokens: 5000 }, { model: 'b', max_tokens: 100 }])
      expect(text).toContain('fine')
    }
  })

  test('is held at the price of the dearest that may give it', async () => {
    await using at = await setUp(start)
    const dear = { ...prices, input: 10_000_000, output: 20_000_000 }
    at.offer({ ...small, prices, fallbacks: ['spare'] }, { ...small, id: 'spare', model: 'b', prices: dear })
    const limit = 5000
    await at.plan({ cost_day: limit })
    at.app.upstream.play(
      ...Array(20).fill((question: Record<string, unknown>) =>
        question.model === 'b' ? sayingAll(question) : { status: 500, body: '{}' },
      ),
    )
    await Promise.all(Array.from({ length: 10 }, async () => (await at.ask(chat, streaming)).text()))
    await Promise.all(at.app.deps.usageEntries.underWay.keys())
    const [cost] = await rows<{ sum: number }>(
      at.app.deps,
      sql`select sum(cost_micros)::integer as sum from usage_events`,
    )
    // The prompt is an estimate.
    expect(cost?.sum).toBeWithin(limit / 2, limit * 1.2)
  })

  test('may be as long as the question says where nobody knows how long the model may write', async () => {
    await using at = await setUp(start)
    at.offer({ ...small, maxOutputTokens: null })
    expect((await at.sent({ ...streaming, max_tokens: 8000 })).asked).toMatchObject([{ max_tokens: 8000 }])
    expect((await at.ask(chat, { ...streaming, max_tokens: 20_001 })).status).toBe(400)
  })

  test('keeps what its question says, in the words that its model knows', async () => {
    await using at = await setUp(start)
    const { upstream } = at.app
    at.offer(small)
    await at.plan({ tokens_day: 1_000_000 })
    const said = await at.sent({ ...streaming, max_tokens: 7, max_completion_tokens: 9 })
    expect(said.asked).toMatchObject([{ max_tokens: 7, max_completion_tokens: 9 }])
    const refusing = (message: string) => ({ status: 400, body: JSON.stringify({ error: { message } }) })
    const unsupported = refusing("'max_tokens' is not supported, use 'max_completion_tokens' instead")
    upstream.play(unsupported, {})
    const { asked } = await at.sent({ ...streaming, stream: false })
    expect(asked[1]).toMatchObject({ max_completion_tokens: 100 })
    expect(asked[1]).not.toHaveProperty('max_tokens')
    upstream.play(refusing("This model's maximum context length is 4096 tokens"), {})
    const tight = await at.sent(streaming)
    expect(tight.asked[0]).toMatchObject({ max_completion_tokens: 100 })
    expect(Object.keys(tight.asked[1] ?? {})).not.toContain('max_completion_tokens')
    expect(tight.text).toContain('"finish_reason":"stop"')
  })
})
