import type { Deps } from '../../deps.ts'
import { userChannel } from '../../lib/user-channel.ts'
import type { UserEvent } from '../chat/events.ts'

/** For a person's windows: what they show of limits, plan or balance is to be read anew. Never throws. */
export function tellOfQuota({ kv }: Pick<Deps, 'kv'>, userId: number): void {
  const event: UserEvent = { type: 'quota_changed', data: {} }
  kv.publish(userChannel(userId), JSON.stringify(event))
}
