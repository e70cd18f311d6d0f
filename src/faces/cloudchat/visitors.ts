import type { Deps } from '../../deps.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import type { ChatMessage } from '../../llm/llm.ts'
import { clearHistory, findHistory, type History, writeHistory } from './history.ts'
import { createTurns, type EndTurn, type TurnRules } from './turns.ts'

/** A visitor whose turn it is: nobody else with the same cookie is being answered until `end`. */
export interface Visit {
  /** For the visitor's cookie. */
  token: string
  /** What was said before, system prompt not included. */
  messages: ChatMessage[]
  /** Adds a question and what was received of its reply; nothing when the visitor has reset the chat meanwhile. */
  remember(question: string, reply: string): Promise<void>
  end: EndTurn
}

export interface Visitors {
  /**
   * Waits for this visitor's turn. Who brings no token, or one that is not alive, becomes a new visitor under a
   * new token: nobody can plant a token of their own on others. Throws `rate_limited`.
   */
  beginVisit(token: string | null, signal: AbortSignal): Promise<Visit>
  /** What is remembered, and a new life for it; null when the token is not alive. */
  findMessages(token: string | null): Promise<ChatMessage[] | null>
  /** Forgets everything but the visitor. False: the token is not alive, and nothing was created. */
  forget(token: string | null): Promise<boolean>
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/

export function createVisitors(deps: Pick<Deps, 'kv' | 'config'>, turnRules?: TurnRules): Visitors {
  const takeTurn = createTurns(deps.kv, turnRules)
  const inOrder = createOrder()

  return {
    async beginVisit(token, signal) {
      return (await resume(token, signal)) ?? (await beginAnew(signal))
    },
    async findMessages(token) {
      const history = token === null ? null : await revive(token)
      return history?.messages ?? null
    },
    async forget(token) {
      if (token === null || !tokenForm.test(token)) return false
      const key = historyKey(token)
      return inOrder(key, async () => {
        if ((await findHistory(deps, key)) === null) return false
        await clearHistory(deps, key)
        return true
      })
    },
  }

  async function resume(token: string | null, signal: AbortSignal): Promise<Visit | null> {
    if (token === null || !tokenForm.test(token)) return null
    const end = await takeTurn(turnKey(token), signal)
    const history = await orEnd(revive(token), end)
    if (history !== null) return visitOf(token, history, end)
    await end()
    return null
  }

  async function beginAnew(signal: AbortSignal): Promise<Visit> {
    const token = createToken()
    const end = await takeTurn(turnKey(token), signal)
    return visitOf(token, await orEnd(clearHistory(deps, historyKey(token)), end), end)
  }

  async function revive(token: string): Promise<History | null> {
    if (!tokenForm.test(token)) return null
    const key = historyKey(token)
    const history = await findHistory(deps, key)
    if (history !== null) await deps.kv.expire(key, deps.config.cloudchat.sessionTtlSeconds)
    return history
  }

  function visitOf(token: string, { era, messages }: History, end: EndTurn): Visit {
    const key = historyKey(token)
    return {
      token,
      messages,
      remember: (question, reply) =>
        inOrder(key, async () => {
          const current = (await findHistory(deps, key)) ?? { era, messages }
          if (current.era === era) await writeHistory(deps, key, withRound(current, question, reply))
        }),
      end,
    }
  }
}

/** A turn that could not begin must not be held for ever. */
async function orEnd<Result>(work: Promise<Result>, end: EndTurn): Promise<Result> {
  try {
    return await work
  } catch (error) {
    await end()
    throw error
  }
}

function withRound({ era, messages }: History, question: string, reply: string): History {
  const round: ChatMessage[] = [{ role: 'user', content: question }]
  if (reply !== '') round.push({ role: 'assistant', content: reply })
  return { era, messages: [...messages, ...round] }
}

/** The store never sees the token itself: who reads the store cannot pose as a visitor. */
function historyKey(token: string): string {
  return `cc:history:${hashToken(token)}`
}

function turnKey(token: string): string {
  return `cc:turn:${hashToken(token)}`
}

/** Reading and writing back must not be mixed with another's: a reset that comes between would be undone. */
function createOrder() {
  const latest = new Map<string, Promise<unknown>>()
  return function inOrder<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const result = (latest.get(key) ?? Promise.resolve()).then(work, work)
    latest.set(key, result)
    const forget = () => {
      if (latest.get(key) === result) latest.delete(key)
    }
    result.then(forget, forget)
    return result
  }
}
