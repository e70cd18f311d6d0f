import { effect, signal } from '@preact/signals'
import { language } from '../language.ts'
import { messages } from '../talk.ts'

/** Key of the message that is being read aloud; null: none is. */
export const spoken = signal<string | null>(null)

export const canSpeak = 'speechSynthesis' in window

// What ends it stands beside the message: nobody could from where that is not shown.
effect(() => {
  const { value: key } = spoken
  if (key !== null && !messages.value.some((message) => message.key === key)) endReading()
})

export function readAloud(key: string, text: string): void {
  endReading()
  const words = new SpeechSynthesisUtterance(text)
  words.lang = /\p{Script=Han}/u.test(text) ? 'zh-CN' : language.value === 'zh' ? 'en-US' : 'en-GB'
  words.onend = () => {
    if (spoken.value === key) spoken.value = null
  }
  words.onerror = words.onend
  spoken.value = key
  speechSynthesis.speak(words)
}

export function endReading(): void {
  spoken.value = null
  if (canSpeak) speechSynthesis.cancel()
}
