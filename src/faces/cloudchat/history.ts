import type { Deps } from '../../deps.ts'
import type { ChatMessage } from '../../llm/llm.ts'
import { trimHistory } from './trim.ts'

export interface History {
  /** Another one after each reset: what began before it must not come back. */
  era: string
  messages: ChatMessage[]
}

type HistoryDeps = Pick<Deps, 'kv' | 'config'>

/** What is remembered under this key, or null when there is no such session. The system prompt is not in it. */
export async function findHistory({ kv }: HistoryDeps, key: string): Promise<History | null> {
  const stored = await kv.get(key)
  return stored === null ? null : parseHistory(stored)
}

/** Begins anew, and with a full life. */
export async function clearHistory(deps: HistoryDeps, key: string): Promise<History> {
  const history: History = { era: crypto.randomUUID(), messages: [] }
  await writeHistory(deps, key, history)
  return history
}

/** Keeps the newest of it, within the bounds of `trimHistory`. */
export async function writeHistory(
  { kv, config }: HistoryDeps,
  key: string,
  history: History,
): Promise<void> {
  const { maxHistory, sessionTtlSeconds } = config.cloudchat
  const { era, messages } = history
  await kv.set(key, JSON.stringify({ era, messages: trimHistory(messages, maxHistory) }), sessionTtlSeconds)
}

/** The store may hold anything: what is no message is not read. */
function parseHistory(stored: string): History {
  const { era, messages } = asObject(parseJson(stored))
  return {
    era: typeof era === 'string' ? era : '',
    messages: Array.isArray(messages) ? messages.map(parseMessage).filter((message) => message !== null) : [],
  }
}

function parseMessage(value: unknown): ChatMessage | null {
  const { role, content } = asObject(value)
  if ((role !== 'user' && role !== 'assistant') || typeof content !== 'string') return null
  return { role, content }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
