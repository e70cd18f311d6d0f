import { signal } from '@preact/signals'
import * as api from './api.ts'

/** Who is logged in here, as far as the page knows. */
export const account = signal<api.Account | null>(null)

// The cookie cannot be read by scripts. Remembering that a log-in took place saves every
// anonymous visitor a question whose answer would be 401.
const hint = 'logged_in'

export async function restoreAccount(): Promise<void> {
  if (localStorage.getItem(hint) === null) return
  try {
    account.value = (await api.fetchMe()).user
  } catch {
    localStorage.removeItem(hint)
  }
}

export async function register(email: string, password: string, displayName: string): Promise<void> {
  remember((await api.register(email, password, displayName)).user)
}

export async function logIn(identifier: string, password: string): Promise<void> {
  remember((await api.logIn(identifier, password)).user)
}

export async function logOut(): Promise<void> {
  await api.logOut()
  localStorage.removeItem(hint)
  account.value = null
}

function remember(user: api.Account): void {
  localStorage.setItem(hint, '1')
  account.value = user
}

export function accountName(user: api.Account): string {
  return user.display_name ?? user.username ?? user.email ?? user.phone ?? ''
}
