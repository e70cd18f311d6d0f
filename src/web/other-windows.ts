import { effect, signal } from '@preact/signals'
import type { UserEvent } from '../modules/chat/events.ts'
import { accountId, checkSession, endSession } from './account.ts'
import { type ConversationEvent, hearOfConversation, readAgain } from './account-talk.ts'
import { browser } from './browser.ts'
import { followUser } from './follow-user.ts'
import { conversations, hearOfList, readLibrary } from './library.ts'
import { quotaChanges } from './quota-changes.ts'

const isShown = signal(document.visibilityState === 'visible')
document.addEventListener('visibilitychange', () => {
  isShown.value = document.visibilityState === 'visible'
})

/**
 * Keeps this window as the others are, while it can be seen: without HTTP/2 a browser opens six connections in all,
 * and windows in the background would use them up.
 */
export function followOtherWindows(): void {
  effect(() => {
    if (accountId.value === null) return
    if (!isShown.value) return readAtLeastOnce()
    const leaving = new AbortController()
    // A proxy may hold the stream back.
    const late = setTimeout(readAtLeastOnce, patienceMs)
    const onOpen = () => {
      clearTimeout(late)
      readAgain()
      readLibrary()
    }
    const plan = { onOpen, onCut: readAtLeastOnce, onEvent: hear, signal: leaving.signal }
    void followUser(plan, browser).then((end) => {
      if (end === 'logged_out') endSession()
    })
    return () => {
      clearTimeout(late)
      leaving.abort()
    }
  })
}

const patienceMs = 3000

/** There is a list also where changes cannot be heard of. */
function readAtLeastOnce(): void {
  if (conversations.peek() === null) readLibrary()
}

function hear(event: UserEvent): void {
  if (event.type === 'session_revoked') return void checkSession()
  if (event.type === 'quota_changed') quotaChanges.value++
  hearOfList(event)
  if (isOfConversation(event)) hearOfConversation(event)
}

function isOfConversation(event: UserEvent): event is ConversationEvent {
  return 'conversation_id' in event.data
}
