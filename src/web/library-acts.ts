import { Refusal } from './api.ts'
import type { Conversation } from './chat-api.ts'
import { startAnew } from './conversation.ts'
import { put, readList, readTags, take } from './library.ts'
import * as api from './library-api.ts'
import { conversationId } from './place.ts'
import { title } from './talk.ts'
import { libraryTexts } from './texts/library.ts'
import { texts } from './texts.ts'
import { say, sayFault } from './ui/toast.tsx'
import { forgetUnread } from './unread.ts'

/** Each of these shows its result at once, says what it did, and how that is taken back. None rejects. */

export async function rename(conversation: Conversation, wanted: string): Promise<void> {
  const name = wanted.trim()
  if (name === '' || name === conversation.title) return
  await tried(async () => {
    const renamed = await api.updateConversation(conversation.id, { title: name })
    put(renamed)
    if (conversation.id === conversationId.value) title.value = renamed.title
  })
}

export async function pin(conversation: Conversation, isPinned: boolean): Promise<void> {
  await tried(async () => put(await api.updateConversation(conversation.id, { pinned: isPinned })))
}

export async function archive({ id }: Conversation): Promise<void> {
  await tried(async () => {
    put(await api.archiveConversation(id))
    leave(id)
    say(libraryTexts.value.archived, () => void tried(async () => put(await api.unarchiveConversation(id))))
  })
}

export async function unarchive({ id }: Conversation): Promise<void> {
  await tried(async () => {
    put(await api.unarchiveConversation(id))
    say(libraryTexts.value.unarchived)
  })
}

/** Into the bin: it comes back as it was. */
export async function remove({ id }: Conversation): Promise<void> {
  await tried(async () => {
    await api.deleteConversation(id)
    take(id)
    forgetUnread(id)
    leave(id)
    say(libraryTexts.value.deleted, () => void tried(async () => put(await api.restoreConversation(id))))
  })
}

export async function restore({ id }: Conversation): Promise<void> {
  await tried(async () => {
    put(await api.restoreConversation(id))
    say(libraryTexts.value.restored)
  })
}

export async function tagWith({ id }: Conversation, names: string[]): Promise<boolean> {
  return tried(async () => {
    put(await api.setTags(id, names))
    void readTags()
  })
}

/** At most a hundred at once. */
export async function changeMany(ids: string[], action: api.ManyAction, tag?: string): Promise<void> {
  await tried(async () => {
    const { items } = await api.changeMany(ids, action, tag)
    const done = items.filter(({ status }) => status === 'ok').map(({ id }) => id)
    await Promise.all([readList(), readTags()])
    if (action === 'delete' || action === 'archive') for (const id of done) leave(id)
    if (action === 'delete') for (const id of done) forgetUnread(id)
    const back = opposite[action]
    const undo = back && (() => void changeMany(done, back))
    say(libraryTexts.value.changedMany(done.length), undo)
  })
}

const opposite: Partial<Record<api.ManyAction, api.ManyAction>> = {
  archive: 'unarchive',
  delete: 'restore',
}

/** False: it did not work, and that has been said. `words`: for refusals that mean something else here, by code. */
export async function tried(act: () => Promise<void>, words: Record<string, string> = {}): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    sayFault(wordsFor(error, words))
    if (!(error instanceof Refusal)) console.error(error)
    return false
  }
}

function wordsFor(error: unknown, words: Record<string, string>): string {
  if (!(error instanceof Refusal)) return texts.value.failed
  return words[error.code] ?? texts.value[error.text]
}

function leave(id: string): void {
  if (conversationId.value === id) void startAnew()
}
