import { effect, signal } from '@preact/signals'
import type { UserEvent } from '../modules/chat/events.ts'
import { accountId, checkSession, endSession } from './account.ts'
import { type ConversationEvent, hearOfConversation, readAgain } from './account-talk.ts'
import { browser } from './browser.ts'
import { followUser } from './follow-user.ts'
import { hearOfList, readList, readTags } from './library.ts'
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
    if (accountId.value === null || !isShown.value) return
    const leaving = new AbortController()
    const plan = { onOpen: readEverything, onEvent: hear, signal: leaving.signal }
    void followUser(plan, browser).then((end) => {
      if (end === 'logged_out') endSession()
    })
    return () => leaving.abort()
  })
}

function readEverything(): void {
  readAgain()
  void readList()
  void readTags()
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
