import { effect, signal } from '@preact/signals'

/** What is written but not sent. */
export const draft = signal(localStorage.getItem('draft') ?? '')

effect(() => {
  if (draft.value === '') localStorage.removeItem('draft')
  else localStorage.setItem('draft', draft.value)
})

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
  sessionStorage.setItem('unconfirmed', JSON.stringify({ key, conversationId, content }))
  return key
}

function isSame(earlier: Unconfirmed, conversationId: string | null, content: string): boolean {
  const mayBeHere = earlier.conversationId === null || earlier.conversationId === conversationId
  return mayBeHere && earlier.content === content
}

export function confirmQuestion(): void {
  sessionStorage.removeItem('unconfirmed')
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
  draft.value = ''
}

function unconfirmed(): Unconfirmed | null {
  const stored = sessionStorage.getItem('unconfirmed')
  return stored === null ? null : (JSON.parse(stored) as Unconfirmed)
}

/** `crypto.randomUUID` is not offered to pages served without https. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
