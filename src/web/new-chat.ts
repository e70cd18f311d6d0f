import { signal } from '@preact/signals'
import type { NewConversation } from './chat-api.ts'
import { storage } from './storage.ts'
import { usualPrompt } from './usual-prompt.ts'

/** What the next conversation is to be like. */
export interface NewChatWish {
  isTemporary: boolean
  /** null: the usual one. */
  systemPrompt: string | null
  parameters: { temperature?: number; top_p?: number; max_tokens?: number }
}

const usual: NewChatWish = { isTemporary: false, systemPrompt: null, parameters: {} }

export const newChatWish = signal(usual)

/** How often somebody has asked for a new chat: what he does next is to write. */
export const newChats = signal(0)

/** The model that was chosen last; null: the default. */
export const lastModel = signal(storage.getItem('model'))

export function rememberModel(id: string): void {
  storage.setItem('model', id)
  lastModel.value = id
}

/** The default again. */
export function forgetModel(): void {
  storage.removeItem('model')
  lastModel.value = null
}

/** For the conversation that is to be made. */
export function newChatBody(): NewConversation {
  const { isTemporary, systemPrompt, parameters } = newChatWish.value
  const prompt = systemPrompt ?? usualPrompt()
  return {
    ...(isTemporary ? { temporary: true } : {}),
    ...(lastModel.value === null ? {} : { model: lastModel.value }),
    ...(prompt === '' ? {} : { system_prompt: prompt }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  }
}

/** The next one is as usual again. */
export function forgetNewChatWish(): void {
  newChatWish.value = usual
}
