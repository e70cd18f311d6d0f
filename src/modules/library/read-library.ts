import type { Db } from '../../db/db.ts'
import {
  listPlaces,
  listStored,
  type MessagePlace,
  readMessages,
  type Scope,
  type StoredConversation,
  type StoredMessage,
} from './export-store.ts'

/** A conversation and what was said in it, to be read to its end before the next one is asked for. */
export interface LibraryConversation extends Omit<StoredConversation, 'messages'> {
  messages: AsyncIterable<StoredMessage[]>
}

/** `tree`: all messages in the order of their ids. `branch`: from the beginning to the one that is shown last. */
export type Part = 'tree' | 'branch'

const conversationsAtOnce = 100
/** Small conversations are read together until they have so many messages. */
const messagesAtOnce = 1000
const textsAtOnce = 100
const bytesAtOnce = 48 * 1024

/**
 * Conversations in the order of their ids, from the database page by page while somebody reads: in memory are the ids of
 * some hundred messages, of one conversation at most, and half a megabyte of text. Not as of one moment: that would take
 * a transaction as long as the slowest reader.
 */
export async function* readLibrary(
  db: Db,
  userId: number,
  scope: Scope,
  part: Part,
): AsyncGenerator<LibraryConversation> {
  let after: string | null = null
  for (;;) {
    const page: StoredConversation[] = await listStored(db, userId, scope, {
      after,
      limit: conversationsAtOnce,
    })
    for (const group of groupsOf(page)) yield* readGroup(db, group, part)
    const last = page.at(-1)
    if (last === undefined || page.length < conversationsAtOnce) return
    after = last.id
  }
}

function* groupsOf(page: StoredConversation[]): Generator<StoredConversation[]> {
  let group: StoredConversation[] = []
  let messages = 0
  for (const conversation of page) {
    if (group.length > 0 && messages + conversation.messages > messagesAtOnce) {
      yield group
      group = []
      messages = 0
    }
    group.push(conversation)
    messages += conversation.messages
  }
  if (group.length > 0) yield group
}

async function* readGroup(
  db: Db,
  group: StoredConversation[],
  part: Part,
): AsyncGenerator<LibraryConversation> {
  const places = Map.groupBy(
    await listPlaces(
      db,
      group.map(({ id }) => id),
    ),
    ({ conversationId }) => conversationId,
  )
  const chosen = group.map((conversation) => {
    const tree = (places.get(conversation.id) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
    return part === 'tree' ? tree : branchOf(tree, conversation.currentMessageId)
  })
  const take = createTexts(db, chosen.flat())
  for (const [at, { messages: _, ...conversation }] of group.entries()) {
    yield { ...conversation, messages: take(chosen[at]?.length ?? 0) }
  }
}

/** Without a message that is shown: to the newest. */
function branchOf(tree: MessagePlace[], currentMessageId: string | null): MessagePlace[] {
  const byId = new Map(tree.map((place) => [place.id, place]))
  const branch: MessagePlace[] = []
  let place = byId.get(currentMessageId ?? '') ?? tree.at(-1)
  while (place !== undefined) {
    branch.push(place)
    byId.delete(place.id)
    place = place.parentId === null ? undefined : byId.get(place.parentId)
  }
  return branch.reverse()
}

/** Hands out the messages of these places in their order, so many at each call. */
function createTexts(db: Db, places: MessagePlace[]) {
  let next = 0
  /** null: it is gone. */
  let waiting: (StoredMessage | null)[] = []

  return async function* take(count: number): AsyncGenerator<StoredMessage[]> {
    for (let left = count; left > 0; ) {
      if (waiting.length === 0) waiting = await load()
      const texts = waiting.splice(0, left)
      left -= texts.length
      const found = texts.filter((text) => text !== null)
      if (found.length > 0) yield found
    }
  }

  async function load(): Promise<(StoredMessage | null)[]> {
    const ids: string[] = []
    for (let bytes = 0; next < places.length && ids.length < textsAtOnce && bytes < bytesAtOnce; next++) {
      const place = places[next]
      if (place === undefined) break
      ids.push(place.id)
      bytes += place.bytes
    }
    const found = new Map((await readMessages(db, ids)).map((message) => [message.id, message]))
    return ids.map((id) => found.get(id) ?? null)
  }
}
