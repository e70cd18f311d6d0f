import type { Deps } from '../../../src/deps.ts'
import { estimatePrompt } from '../../../src/modules/chat/estimate-tokens.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import type { StartApp } from '../../support/harness.ts'
import type { UpstreamRequest } from '../../support/upstream.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { createAsker } from './asker.ts'

export const contextWindow = 2048

type Message = { role: string; content: string }
type Asked = UpstreamRequest['body'] & { messages: Message[]; max_tokens?: number }

/**
 * Somebody with a model that takes little, in a conversation that outgrows it after a few rounds. What the model is to
 * say is set in `says`; `summary` may hang or fail.
 */
export async function startTalk(start: StartApp, env: Record<string, string> = {}) {
  const app = await start({
    MODELS: `deepseek/small:${contextWindow}:512`,
    DEFAULT_MODEL: 'deepseek/small',
    LLM_MAX_RETRIES: '0',
    LIMIT_SEND_USER: '0',
    ...env,
  })
  const ann = await createAsker(app)
  const { userId, conversationId } = ann
  const says: { answer: Script; summary: () => Script } = {
    answer: { text: ['word '.repeat(180)], usage: null },
    summary: () => ({ text: ['They spoke of the sea.'], usage: null }),
  }
  const choose = (body: Record<string, unknown>) =>
    isForSummary(body as Asked) ? says.summary() : says.answer
  app.upstream.play(...Array(200).fill(choose))
  const asked = () => app.upstream.requests.map(({ body }) => body as Asked)

  async function settled(turnId: string, deps: Deps = app.deps): Promise<void> {
    await deps.turns.get(turnId)?.ended
    await deps.summaries.get(conversationId)
  }

  return {
    app,
    ann,
    deps: app.deps,
    userId,
    conversationId,
    says,
    settled,
    /** Asks, and waits for the answer and what is made after it. */
    async ask(content: string, more: Partial<Parameters<typeof startTurn>[2]> = {}, deps: Deps = app.deps) {
      const turn = await startTurn(deps, userId, { conversationId, content, ...more })
      await settled(turn.turnId, deps)
      return turn
    },
    get: async (path: string) =>
      (await ann.visitor.get(`/api/v1/conversations/${conversationId}${path}`)).json(),
    /** What the model was asked for, in order. */
    summaryRequests: () => asked().filter(isForSummary),
    questions: () => asked().filter((body) => !isForSummary(body)),
    /** The most that any question was, with its answer. */
    largest: () =>
      Math.max(...asked().map(({ messages, max_tokens = 1 }) => estimatePrompt(messages) + max_tokens)),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

export type Talk = Awaited<ReturnType<typeof startTalk>>

export function isForSummary({ messages }: Asked): boolean {
  return messages[1]?.content.includes('<conversation-') ?? false
}

export function textOf({ messages }: Asked): string {
  return messages.map(({ content }) => content).join('\n')
}
