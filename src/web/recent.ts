import { signal } from '@preact/signals'
import { type Conversation, fetchLatest } from './chat-api.ts'

/** The latest conversations; null: not read yet. */
export const recent = signal<Conversation[] | null>(null)

/** Without a word when it fails: one can chat without. */
export async function readRecent(): Promise<void> {
  try {
    recent.value = (await fetchLatest()).items
  } catch {}
}
