import { computed, signal } from '@preact/signals'
import type { Conversation, StoredMessage } from './chat-api.ts'
import type { Excess } from './excess.ts'
import type { TextKey } from './texts.ts'

// What is shown of a conversation, wherever it is kept.

export interface Message {
  /** The same for as long as it is shown, and no other's. */
  key: string
  role: 'user' | 'assistant'
  content: string
  /** What the model has thought before, where it tells. */
  reasoning?: string | undefined
  /** How the server keeps it; absent: it is not known there yet, or is a visitor's. */
  stored?: StoredMessage
  /** Why an answer is shorter than it should be, or missing. */
  fault?: TextKey
  /** What can be done about it. */
  remedy?: 'ask_again' | 'go_on'
  /** A summary stands for it and all before it, where the model has no more room for them. */
  isSummarised?: boolean
}

export const messages = signal<Message[]>([])

/** Key of the answer that is being written; null: none is. */
export const writing = signal<string | null>(null)

/** The server cannot be reached; it is tried again all the time. */
export const isCutOff = signal(false)

/** Why the last thing that was tried did not work, apart from an answer's own fault. */
export const notice = signal<TextKey | Excess | null>(null)

/** Nothing of it is here yet. */
export const isLoading = signal(false)

/** There are earlier messages than those shown. */
export const hasEarlier = signal(false)

/** null: it has none yet. */
export const title = signal<string | null>(null)

/** What else there is to know of a conversation that the server keeps; null: there is none yet. */
export const opened = signal<Conversation | null>(null)

export const isEmpty = computed(() => messages.value.length === 0)

/** Who keeps a conversation: the session of a visitor, or an account. */
export interface Talk {
  /** null: a new conversation. */
  open(id: string | null): void
  /** Shows nothing any more. What an account has asked for goes on. */
  leave(): void
  send(content: string): Promise<void>
  stop(): Promise<void>
  /** Applies its remedy to the last answer. */
  mend(): Promise<void>
  /** `limit`: as many as are to be read at once. */
  showEarlier(limit?: number): Promise<void>
}

export function showNothing(): void {
  messages.value = []
  writing.value = null
  isCutOff.value = false
  notice.value = null
  isLoading.value = false
  hasEarlier.value = false
  title.value = null
  opened.value = null
}

export function changeMessage(key: string, change: (message: Message) => Message): void {
  messages.value = messages.value.map((message) => (message.key === key ? change(message) : message))
}
