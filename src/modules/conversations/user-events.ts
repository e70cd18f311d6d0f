import type { Deps } from '../../deps.ts'
import { userChannel } from '../../lib/user-channel.ts'
import type { UserEvent } from '../chat/events.ts'

/** Tells a person's other windows and devices, on whichever instance they are. Never throws. */
export function publishUserEvent({ kv }: Pick<Deps, 'kv'>, userId: number, event: UserEvent): void {
  kv.publish(userChannel(userId), JSON.stringify(event))
}

/** Calls `listener` with what happens to a person's conversations, until the returned function is called. */
export function followUserEvents(
  { kv }: Pick<Deps, 'kv'>,
  userId: number,
  listener: (event: UserEvent) => void,
): () => void {
  return kv.subscribe(userChannel(userId), (message) => listener(JSON.parse(message) as UserEvent))
}

/** For what the other windows are to read anew. */
export function tellOfChange(deps: Pick<Deps, 'kv'>, userId: number, conversationId: string): void {
  publishUserEvent(deps, userId, {
    type: 'conversation_changed',
    data: { conversation_id: conversationId },
  })
}

/** For what they are to show no longer. */
export function tellOfDeletion(deps: Pick<Deps, 'kv'>, userId: number, conversationId: string): void {
  publishUserEvent(deps, userId, {
    type: 'conversation_changed',
    data: { conversation_id: conversationId, deleted: true },
  })
}

/** For what the other windows are to read anew: the list of tags, and the conversations that have them. */
export function tellOfTags(deps: Pick<Deps, 'kv'>, userId: number): void {
  publishUserEvent(deps, userId, { type: 'tags_changed', data: {} })
}
