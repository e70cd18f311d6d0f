import { effect, signal } from '@preact/signals'
import { accountId } from './account.ts'
import { conversationId } from './place.ts'
import { storage } from './storage.ts'

/** Conversations in which an answer has come to its end while nobody looked; known over a reload too. */
export const unread = signal<ReadonlySet<string>>(new Set())

interface Kept {
  ended: string[]
  /** Something was being written there when this browser last heard of it: its end may come while the page is closed. */
  awaited: string[]
}

/** Each account has its own: several people may use one browser. */
const placeOf = (account: string | null) => `unread ${account}`
/** More than anybody leaves unread. */
const maxKept = 100

effect(() => {
  // What another person has not read is not shown to this one.
  unread.value = new Set(accountId.value === null ? [] : kept().ended)
})

effect(() => {
  if (accountId.value !== null && conversationId.value !== null) forgetUnread(conversationId.value)
})

// What is opened in one window is read in all.
window.addEventListener('storage', ({ key }) => {
  if (accountId.peek() !== null && key === placeOf(accountId.peek())) unread.value = new Set(kept().ended)
})

export function awaitAnswer(id: string): void {
  const { ended, awaited } = kept()
  if (!awaited.includes(id)) keep({ ended, awaited: [...awaited, id] })
}

export function answerEnded(id: string): void {
  const { ended, awaited } = kept()
  const isOpen = id === conversationId.peek()
  keep({ ended: isOpen ? ended : [...without(ended, id), id], awaited: without(awaited, id) })
}

/** As the list has it: only what was awaited here has ended unseen, else all would be news to a new device. */
export function settleAnswers(items: { id: string; active_turn_id: string | null }[]): void {
  const awaited = new Set(kept().awaited)
  for (const { id, active_turn_id } of items) {
    if (active_turn_id !== null) awaitAnswer(id)
    else if (awaited.has(id)) answerEnded(id)
  }
}

/** It was opened, or is gone. */
export function forgetUnread(id: string): void {
  const { ended, awaited } = kept()
  if (ended.includes(id)) keep({ ended: without(ended, id), awaited })
}

function keep({ ended, awaited }: Kept): void {
  const next: Kept = {
    ended: ended.slice(-maxKept),
    awaited: awaited.slice(-maxKept),
  }
  storage.setItem(placeOf(accountId.peek()), JSON.stringify(next))
  unread.value = new Set(next.ended)
}

function kept(): Kept {
  const none = { ended: [], awaited: [] }
  try {
    return JSON.parse(storage.getItem(placeOf(accountId.peek())) ?? 'null') ?? none
  } catch {
    return none
  }
}

function without(ids: string[], id: string): string[] {
  return ids.filter((one) => one !== id)
}
