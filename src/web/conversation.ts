import { computed, effect } from '@preact/signals'
import { account, accountId, sessionEnded } from './account.ts'
import { accountTalk } from './account-talk.ts'
import { forgetNewChatWish, newChats } from './new-chat.ts'
import { goTo } from './place.ts'
import type { Talk } from './talk.ts'
import { forget, visitorTalk } from './visitor-talk.ts'

/** Where questions go: to the account of whoever is logged in, else to the session of a visitor. */
export const talk = computed<Talk>(() => (account.value === null ? visitorTalk : accountTalk))

let shown: { talk: Talk; accountId: string | null } | null = null

// Nothing of whoever was here before.
effect(() => {
  if (shown === null || shown.accountId === accountId.value) return
  shown.talk.leave()
  shown = null
})

export function openConversation(id: string | null): void {
  shown = { talk: talk.value, accountId: accountId.value }
  talk.value.open(id)
}

export async function startAnew(): Promise<void> {
  sessionEnded.value = false
  forgetNewChatWish()
  goTo('chat')
  openConversation(null)
  newChats.value++
  if (account.value === null) await forget()
}
