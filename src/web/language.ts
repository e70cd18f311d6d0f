import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import { storage } from './storage.ts'

export type Language = 'zh' | 'en'

/** The language of the page: what was chosen here before, else what the browser asks for. */
export const language = signal<Language>(storedLanguage() ?? browserLanguage())

/** For dates and numbers. */
export const locale = computed(() => (language.value === 'zh' ? 'zh-CN' : 'en-GB'))

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

export function chooseLanguage(next: Language): void {
  storage.setItem('language', next)
  language.value = next
}

/** The texts of one room in the current language. A key that one of the languages lacks does not compile. */
export function inBothLanguages<Texts extends object>(en: Texts, zh: NoInfer<Texts>): ReadonlySignal<Texts> {
  return computed(() => (language.value === 'zh' ? zh : en))
}

function storedLanguage(): Language | null {
  const stored = storage.getItem('language')
  return stored === 'zh' || stored === 'en' ? stored : null
}

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
