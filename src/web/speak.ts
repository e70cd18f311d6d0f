import { ask } from './ask.ts'
import { chooseLanguage, type Language } from './language.ts'

/** The language of the page, and of the letters to whoever is logged in. */
export function speak(next: Language): void {
  chooseLanguage(next)
  // The page speaks it already. If the service does not hear of it, a letter comes in the other one: no more.
  ask('PUT', 'users/me', { body: { locale: next } }).catch(() => {})
}
