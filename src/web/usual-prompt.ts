import { accountId } from './account.ts'
import { storage } from './storage.ts'

/** What the model is told in every new conversation of whoever is logged in; empty: nothing. */
export function usualPrompt(): string {
  return storage.getItem(place()) ?? ''
}

export function rememberPrompt(text: string): void {
  if (text.trim() === '') storage.removeItem(place())
  else storage.setItem(place(), text)
}

/** Several people may use one browser. */
function place(): string {
  return `prompt-${accountId.value}`
}
