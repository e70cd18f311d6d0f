import type { Deps } from '../../../src/deps.ts'
import { estimatePrompt } from '../../../src/modules/chat/estimate-tokens.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import type { StartApp } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { createAsker } from './asker.ts'

export const contextWindow = 2048

export interface Asked {
  model: string
  messages: { role: string; content: string }[]
  max_tokens?: number
}

/**
 * Somebody whose model takes little, in a conversation that outgrows it after some eight rounds. What the model says is
 * in `says`; how it counts is not told, so our estimates stay what they are.
 */
export async function startTalk(start: StartApp, env: Record<string, string> = {}) {
  const app = await start({
    MODELS: `deepseek/small:${contextWindow}:512,deepseek/large:32768:512`,
    DEFAULT_MODEL: 'deepseek/small',
    LLM_MAX_RETRIES: '0',
    LIMIT_SEND_USER: '0',
    LIMIT_API_USER: '0',
    ...env,
  })
  const ann = await createAsker(app)
  const { userId, conversationId, visitor } = ann
  const says: { answer: Script; summary: () => Script } = {
    answer: { text: ['word '.repeat(180)], usage: null },
    summary: () => summaryOf('They spoke of the sea.'),
  }
  const choose = (body: object) => (isForSummary(body as Asked) ? says.summary() : says.answer)
  app.upstream.play(...Array(200).fill(choose))
  const asked = () => app.upstream.requests.map(({ body }) => body as unknown as Asked)

  /** Waits for the answer, and for what is made after it. */
  async function ended(turnId: string, deps: Deps = app.deps): Promise<void> {
    await deps.turns.get(turnId)?.ended
    await deps.summaries.get(conversationId)
  }

  async function ask(content: string, more: Partial<Parameters<typeof startTurn>[2]> = {}) {
    const turn = await startTurn(app.deps, userId, { conversationId, content, ...more })
    await ended(turn.turnId)
    return turn
  }

  return {
    app,
    ann,
    deps: app.deps,
    userId,
    conversationId,
    says,
    ended,
    ask,
    /** So many rounds, one after the other; the last. */
    async askOften(rounds: number, more: Parameters<typeof ask>[1] = {}) {
      for (let round = 1; round < rounds; round++) await ask(`Question ${round}: what of the sea?`, more)
      return ask(`Question ${rounds}: what of the sea?`, more)
    },
    /** Of the API, below the conversation. */
    get: async (path: string) => (await visitor.get(`/api/v1/conversations/${conversationId}${path}`)).json(),
    remake: () => ann.post(`/api/v1/conversations/${conversationId}/summaries`),
    /** What the model was asked, in order. */
    summaryRequests: () => asked().filter(isForSummary),
    questions: () => asked().filter((body) => !isForSummary(body)),
    lastQuestion: () => asked().findLast((body) => !isForSummary(body))?.messages ?? [],
    /** Of the largest question, with room for its answer. */
    largest: (which: (body: Asked) => boolean = () => true) =>
      Math.max(
        ...asked()
          .filter(which)
          .map(({ messages, max_tokens = 1 }) => estimatePrompt(messages) + max_tokens),
      ),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

export type Talk = Awaited<ReturnType<typeof startTalk>>

export function summaryOf(text: string): Script {
  return { text: [text], usage: null }
}

export function isForSummary({ messages }: Asked): boolean {
  return messages[1]?.content.includes('<conversation-') ?? false
}

export function textOf({ messages }: Pick<Asked, 'messages'>): string {
  return messages.map(({ content }) => content).join('\n')
}
