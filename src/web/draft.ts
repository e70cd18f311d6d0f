import { effect, signal, untracked } from '@preact/signals'
import { conversationId } from './place.ts'
import { storage, windowStorage } from './storage.ts'

/** What is written but not sent, in the conversation that is shown: each has its own. */
export const draft = signal('')

const newChat = 'new'
/** More than anybody has half written. */
const maxDrafts = 50
let shown = keyOf(null)

effect(() => {
  const key = keyOf(conversationId.value)
  untracked(() => {
    shown = key
    draft.value = drafts()[key] ?? ''
  })
})

effect(() => {
  const text = draft.value
  const { [shown]: before, ...others } = drafts()
  if (text === (before ?? '')) return
  // The newest stands last.
  const entries = Object.entries(text === '' ? others : { ...others, [shown]: text })
  storage.setItem('drafts', JSON.stringify(Object.fromEntries(entries.slice(-maxDrafts))))
})

/** What was written for a new conversation belongs to it now that it has been made. */
export function moveDraft(id: string): void {
  const text = draft.value
  draft.value = ''
  storage.setItem('drafts', JSON.stringify({ ...drafts(), ...(text === '' ? {} : { [id]: text }) }))
}

function keyOf(id: string | null): string {
  return id ?? newChat
}

function drafts(): Record<string, string> {
  try {
    return JSON.parse(storage.getItem('drafts') ?? '{}')
  } catch {
    return {}
  }
}

/** A question that was sent, and of which nobody has said yet that it has arrived. */
interface Unconfirmed {
  key: string
  /** null: not even its conversation was there. */
  conversationId: string | null
  content: string
}

/** The name under which a question is sent. The same question again, while it is unconfirmed, has the same name. */
export function nameQuestion(conversationId: string | null, content: string): string {
  const earlier = unconfirmed()
  const key = earlier !== null && isSame(earlier, conversationId, content) ? earlier.key : newKey()
  windowStorage.setItem('unconfirmed', JSON.stringify({ key, conversationId, content }))
  return key
}

function isSame(earlier: Unconfirmed, conversationId: string | null, content: string): boolean {
  const mayBeHere = earlier.conversationId === null || earlier.conversationId === conversationId
  return mayBeHere && earlier.content === content
}

export function confirmQuestion(): void {
  windowStorage.removeItem('unconfirmed')
}

/** Puts a text back that could not be sent, before what was written since. */
export function takeBack(content: string): void {
  if (draft.value.startsWith(content)) return
  draft.value = draft.value === '' ? content : `${content}\n${draft.value}`
}

/**
 * After the page was loaded anew in the middle of sending: what has arrived after all is not written a second time,
 * what has not is written again.
 */
export function settleQuestion(conversationId: string | null, lastQuestion: string | null): void {
  const earlier = unconfirmed()
  if (earlier === null || earlier.conversationId !== conversationId) return
  if (earlier.content !== lastQuestion) {
    takeBack(earlier.content)
    return
  }
  confirmQuestion()
  if (draft.value === earlier.content) draft.value = ''
}

export function forgetDraft(): void {
  confirmQuestion()
  storage.removeItem('drafts')
  draft.value = ''
}

function unconfirmed(): Unconfirmed | null {
  const stored = windowStorage.getItem('unconfirmed')
  return stored === null ? null : (JSON.parse(stored) as Unconfirmed)
}

/** `crypto.randomUUID` is not offered to pages served without https. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
