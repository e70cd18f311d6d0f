import { computed, signal } from '@preact/signals'
import * as api from './api.ts'
import { browser } from './browser.ts'
import { forgetDraft } from './draft.ts'
import { conversationId, goTo, page } from './place.ts'
import { storage } from './storage.ts'
import { isCutOff } from './talk.ts'
import { untilAnswered } from './until-answered.ts'

/** Who is logged in here; null: nobody, or not known yet. */
export const account = signal<api.Account | null>(null)

/** Whether it is known by now who is logged in. */
export const isAccountKnown = signal(false)

/** The session was ended, by time or from another device: whoever used it is to log in again and goes on. */
export const sessionEnded = signal(false)

/** What changes with the person, but not with his name. */
export const accountId = computed(() => account.value?.id ?? null)

// The cookie cannot be read by scripts. Remembering that a log-in took place saves every
// anonymous visitor a question whose answer would be 401.
const hint = 'logged_in'

/** Until it is known: who has an account must not be taken for a visitor because the server is just restarting. */
export async function restoreAccount(): Promise<void> {
  try {
    if (storage.getItem(hint) !== null || isForMembers()) {
      const onConnection = (isOpen: boolean) => {
        isCutOff.value = !isOpen
      }
      const patience = { signal: new AbortController().signal, onConnection }
      remember((await untilAnswered(api.fetchMe, patience, browser)).user)
    }
  } catch {
    storage.removeItem(hint)
  } finally {
    isAccountKnown.value = true
  }
}

/** Nobody comes here who has no account. */
function isForMembers(): boolean {
  return conversationId.value !== null || ['dashboard', 'settings', 'admin'].includes(page.value)
}

export async function register(...person: Parameters<typeof api.register>): Promise<void> {
  remember((await api.register(...person)).user)
}

export async function logIn(identifier: string, password: string): Promise<void> {
  remember((await api.logIn(identifier, password)).user)
}

export async function logOut(): Promise<void> {
  await api.logOut()
  forgetDraft()
  goTo('chat')
  forgetAccount()
}

/** Some session of this person has ended: maybe this one. */
export async function checkSession(): Promise<void> {
  try {
    await api.fetchMe()
  } catch (error) {
    if (error instanceof api.Refusal && error.status === 401) endSession()
  }
}

/** What is written stays, for when he has logged in again. */
export function endSession(): void {
  if (account.value === null) return
  forgetAccount()
  sessionEnded.value = true
}

function remember(user: api.Account): void {
  storage.setItem(hint, '1')
  sessionEnded.value = false
  account.value = user
}

function forgetAccount(): void {
  storage.removeItem(hint)
  account.value = null
}

export function accountName(user: api.Account): string {
  return user.display_name ?? user.username ?? user.email ?? user.phone ?? ''
}
