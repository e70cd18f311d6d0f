import type { ActFields } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import type { User } from '../auth/user.ts'
import { insertAct } from './store.ts'

/** Who acts: an administrator and from where, or whoever has the command line of this machine. */
export type Actor = { user: User; ip: string } | 'command line'

/** What an administrator did. */
export interface Act {
  /** `user.ban`, `model.update`: the kind of thing, and the deed. */
  action: `${string}.${string}`
  /** The thing, as clients name it. */
  targetId: string
  /** What changed, as it was and as it is; null: there was nothing, or is nothing left. */
  before?: ActFields | null
  after?: ActFields | null
}

/**
 * Writes an act down, in the transaction of the deed: neither happens without the other. Of what may be a secret only
 * that it is there is kept, whatever the caller hands in.
 */
export async function recordAct(
  { now, log }: Pick<Deps, 'now' | 'log'>,
  tx: Db,
  by: Actor,
  { action, targetId, before = null, after = null }: Act,
): Promise<void> {
  const [targetType = ''] = action.split('.')
  const actor = by === 'command line' ? { actorId: null, actorName: by, ip: null } : actorOf(by)
  await insertAct(tx, {
    id: createId(),
    ...actor,
    action,
    targetType,
    targetId,
    before: before && withoutSecrets(before),
    after: after && withoutSecrets(after),
    createdAt: now(),
  })
  log.info({ action, targetId, actorId: actor.actorId }, 'administrator acted')
}

function actorOf({ user, ip }: { user: User; ip: string }) {
  const actorName = user.email ?? user.username ?? user.phone ?? user.uid
  return { actorId: user.id, actorName, ip }
}

/** Only what changed, of two states of one thing. */
export function changedFields(before: ActFields, after: ActFields): { before: ActFields; after: ActFields } {
  const isChanged = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(after[name])
  const only = (fields: ActFields) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => isChanged(name)))
  return { before: only(before), after: only(after) }
}

const secretName = /password|secret|hash|sealed|^(api_?)?key$|^token$|^code$/i

function withoutSecrets(fields: ActFields): ActFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretName.test(name) && value !== null ? '[hidden]' : value,
    ]),
  )
}
