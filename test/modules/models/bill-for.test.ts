import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { ModelOffer } from '../../../src/llm/llm.ts'
import { noteCalls } from '../../../src/modules/usage/note-calls.ts'
import { openGateway } from '../../faces/openai/gateway.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { rows } from '../chat/chat.ts'

const small: ModelOffer = {
  id: 'small',
  provider: 'deepseek',
  model: 'deepseek-chat',
  name: 'Small',
  isEnabled: true,
  contextWindow: 20_000,
  maxOutputTokens: 100,
  plans: null,
  prices: { input: 1_000_000, cachedInput: null, output: 2_000_000, reasoning: null },
  capabilities: { vision: null, reasoning: null, tools: null },
  fallbacks: ['spare'],
}
const spare: ModelOffer = {
  ...small,
  id: 'spare',
  model: 'b',
  prices: { input: 10_000_000, cachedInput: null, output: 20_000_000, reasoning: null },
  fallbacks: [],
}
const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 }

/** Answers of which each waits until all of them were asked for, and then for `open`. */
function gate(count: number) {
  const asked = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  let waiting = 0
  function script({ model, messages }: Record<string, unknown>): Script {
    if (model === small.model && JSON.stringify(messages).includes('the other')) {
      return { status: 500, body: '{}' }
    }
    waiting += 1
    if (waiting === count) asked.resolve()
    return { text: ['hi'], usage, until: opened.promise }
  }
  return { script, asked: asked.promise, open: opened.resolve }
}

describeOnBothStacks('a model that is changed or taken away during its answers', (start) => {
  test('is paid what it cost when they began, whoever asked', async () => {
    await using at = await openGateway(start)
    const { app, ann } = at
    const { deps } = app
    deps.llm.configure({ accesses: [], models: [small, spare], defaultModel: 'small' })
    const { script, asked, open } = gate(5)
    app.upstream.play(...Array(6).fill(script))
    const { id } = await ann.json<{ id: string }>('POST', '/api/v1/conversations', { model: 'small' })
    const question = (content: string) => ({ model: 'small', messages: [{ role: 'user', content }] })
    const answers = [
      at.ask('/chat/completions', { ...question('hello'), stream: true }),
      at.ask('/chat/completions', question('the other')),
      app.visitor().post('/deepseek_chat', { message: 'hello' }),
      // With its title.
      ann.fetch(`/api/v1/conversations/${id}/messages/stream`, {
        method: 'POST',
        body: JSON.stringify({ content: 'hello' }),
      }),
    ]
    await asked
    deps.llm.configure({
      accesses: [],
      models: [
        { ...small, isEnabled: false },
        { ...spare, prices: { input: 1, cachedInput: null, output: 1, reasoning: null } },
      ],
      defaultModel: null,
    })
    await noteCalls(deps, { youngestMs: 0 })
    const noted = await rows(deps, sql`select from calls_under_way where entry ->> 'cost_micros' is not null`)
    expect(noted).toHaveLength(3)
    open()
    for (const answer of answers) await (await answer).text()
    await at.ledger(5)
    expect(
      await rows(
        deps,
        sql`select kind, model, provider, cost_micros::integer as cost from usage_events order by kind, model`,
      ),
    ).toEqual([
      { kind: 'call', model: 'small', provider: 'deepseek', cost: 1100 },
      { kind: 'call', model: 'spare', provider: 'deepseek', cost: 11_000 },
      { kind: 'chat', model: 'small', provider: 'deepseek', cost: 1100 },
      { kind: 'title', model: 'small', provider: 'deepseek', cost: 1100 },
      { kind: 'turn', model: 'small', provider: 'deepseek', cost: 1100 },
    ])
  })
})
