import { computed, effect, signal } from '@preact/signals'
import type { UserEvent } from '../modules/chat/events.ts'
import { accountId } from './account.ts'
import { Refusal } from './api.ts'
import { type Conversation, fetchConversation } from './chat-api.ts'
import { fetchConversations, fetchTags, type ListedTag, type Shelf } from './library-api.ts'
import { conversationId } from './place.ts'
import type { TextKey } from './texts.ts'
import { answerEnded, awaitAnswer, forgetUnread, settleAnswers } from './unread.ts'

/** Which of a person's lists is shown. */
export const shelf = signal<Shelf>('current')

/** Only those with this tag; null: all. */
export const tagFilter = signal<string | null>(null)

/** As far as they have been read; null: not at all yet. */
export const conversations = signal<Conversation[] | null>(null)
export const hasMore = signal(false)
export const listFault = signal<TextKey | null>(null)
export const tags = signal<ListedTag[]>([])

/** Something is being written there. */
export const live = signal<ReadonlySet<string>>(new Set())

/** The one in the address, as the list knows it. */
export const current = computed(
  () => conversations.value?.find(({ id }) => id === conversationId.value) ?? null,
)

let cursor: string | null = null
let readings = 0
let isReadingMore = false
let reader: string | null = null

effect(() => {
  // Another person, another shelf, another tag: another list.
  const id = accountId.value
  const wish = [shelf.value, tagFilter.value]
  conversations.value = null
  hasMore.value = false
  // Of another person all is read as soon as changes are heard of: what was read before would be read twice.
  if (id !== null && id === reader && wish.length > 0) void readList()
  reader = id
})

effect(() => {
  if (accountId.value !== null) return
  tags.value = []
  live.value = new Set()
  shelf.value = 'current'
  tagFilter.value = null
})

/** The list and the tags, as they are now. */
export function readLibrary(): void {
  void readList()
  void readTags()
}

/** Reads the beginning of the list anew; what lies further down stays where it is. */
export async function readList(): Promise<void> {
  const reading = ++readings
  try {
    const page = await fetchConversations(shelf.peek(), tagFilter.peek(), null)
    if (reading !== readings) return
    listFault.value = null
    const known = conversations.peek()
    const isWhole = known === null || page.next_cursor === null || known.length <= page.items.length
    if (isWhole) cursor = page.next_cursor
    conversations.value = isWhole ? page.items : join(page.items, known)
    hasMore.value = cursor !== null
    noteLive(page.items)
  } catch (error) {
    if (reading === readings) listFault.value = error instanceof Refusal ? error.text : 'failed'
  }
}

export async function readMore(): Promise<void> {
  if (cursor === null || isReadingMore) return
  isReadingMore = true
  const reading = readings
  try {
    const page = await fetchConversations(shelf.peek(), tagFilter.peek(), cursor)
    if (reading !== readings) return
    cursor = page.next_cursor
    conversations.value = join(conversations.peek() ?? [], page.items)
    hasMore.value = cursor !== null
    noteLive(page.items)
  } catch (error) {
    listFault.value = error instanceof Refusal ? error.text : 'failed'
  } finally {
    isReadingMore = false
  }
}

export async function readTags(): Promise<void> {
  try {
    tags.value = (await fetchTags()).items
    if (!tags.value.some(({ id }) => id === tagFilter.value)) tagFilter.value = null
  } catch {
    // One can chat without; the next change asks again.
  }
}

/** Shows what the server has made of it, where it belongs to the list at all. */
export function put(conversation: Conversation): void {
  const known = conversations.peek() ?? []
  if (conversation.deleted_at !== null) forgetUnread(conversation.id)
  if (!belongsHere(conversation)) {
    take(conversation.id)
    return
  }
  const isHere = known.some(({ id }) => id === conversation.id)
  const changed = isHere
    ? known.map((one) => (one.id === conversation.id ? conversation : one))
    : [conversation, ...known]
  conversations.value = changed.toSorted(byPlace)
}

export function take(id: string): void {
  conversations.value = conversations.peek()?.filter((one) => one.id !== id) ?? null
}

/** What another window or device has done, or this one. */
export function hearOfList(event: UserEvent): void {
  if (event.type === 'tags_changed') readLibrary()
  if (!('conversation_id' in event.data)) return
  const id = event.data.conversation_id
  if (event.type === 'turn_started') {
    live.value = new Set([...live.peek(), id])
    awaitAnswer(id)
  }
  if (event.type === 'turn_ended') {
    live.value = without(live.peek(), id)
    answerEnded(id)
  }
  if (event.type === 'conversation_changed' && event.data.deleted) beInBin(id)
  else if (event.type === 'title') retitle(id, event.data.title)
  else if (event.type !== 'turn_ended') readSoon(id)
}

function beInBin(id: string): void {
  waiting.delete(id)
  forgetUnread(id)
  if (shelf.peek() === 'deleted') void readList()
  else take(id)
}

function retitle(id: string, title: string): void {
  const known = conversations.peek()?.find((one) => one.id === id)
  if (known) put({ ...known, title })
  else readSoon(id)
}

const waiting = new Set<string>()

/** Of many changes at once each conversation is read once. */
function readSoon(id: string): void {
  if (waiting.size === 0) setTimeout(readWaiting, 150)
  waiting.add(id)
}

function readWaiting(): void {
  const ids = [...waiting]
  waiting.clear()
  if (ids.length > 3) void readList()
  else for (const id of ids) void readOne(id)
}

async function readOne(id: string): Promise<void> {
  try {
    put(await fetchConversation(id))
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) {
      take(id)
      forgetUnread(id)
    }
    if (shelf.peek() === 'deleted') void readList()
  }
}

function belongsHere({ temporary, archived, deleted_at, tags }: Conversation): boolean {
  const filter = tagFilter.peek()
  if (temporary || (filter !== null && !tags.some(({ id }) => id === filter))) return false
  if (deleted_at !== null) return shelf.peek() === 'deleted'
  return shelf.peek() === (archived ? 'archived' : 'current')
}

function byPlace(a: Conversation, b: Conversation): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1
  const [atA, atB] = shelf.peek() === 'deleted' ? [a.deleted_at, b.deleted_at] : [a.updated_at, b.updated_at]
  return (atA ?? '') < (atB ?? '') ? 1 : -1
}

function join(first: Conversation[], then: Conversation[]): Conversation[] {
  const known = new Set(first.map(({ id }) => id))
  return [...first, ...then.filter(({ id }) => !known.has(id))]
}

function noteLive(items: Conversation[]): void {
  const next = new Set(live.peek())
  for (const { id, active_turn_id } of items) {
    if (active_turn_id === null) next.delete(id)
    else next.add(id)
  }
  live.value = next
  settleAnswers(items)
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id))
}
