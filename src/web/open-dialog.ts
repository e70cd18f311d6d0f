import { signal } from '@preact/signals'
import type { Conversation } from './chat-api.ts'

/** What stands before the page; one at a time. */
export type OpenDialog =
  | { type: 'search' }
  | { type: 'shortcuts' }
  | { type: 'tags'; conversation: Conversation }
  | { type: 'tag_many'; ids: string[] }
  | { type: 'manage_tags' }
  | { type: 'share'; conversationId: string; title: string | null }
  | { type: 'shares' }
  | { type: 'options' }
  | { type: 'details'; messageId: string }
  | { type: 'note'; messageId: string }
  | { type: 'pictures' }

export const openDialog = signal<OpenDialog | null>(null)

export function show(dialog: OpenDialog): void {
  openDialog.value = dialog
}

export function closeDialog(): void {
  openDialog.value = null
}
