import type { ActFields } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import type { User } from '../auth/user.ts'
import type { KnownFields } from './act-fields.ts'
import { insertAct } from './store.ts'

/** Who acts: an administrator and from where, or whoever has the command line of this machine. */
export type Actor = { user: User; ip: string } | 'command line'

/** What an administrator did. */
export interface Act<Before, After> {
  /** `user.ban`, `model.update`: the kind of thing, and the deed. */
  action: `${string}.${string}`
  /** The thing, as clients name it. */
  targetId: string
  /** What changed, as it was and as it is; null: there was nothing, or is nothing left. */
  before?: Before | null
  after?: After | null
}

/**
 * Writes an act down, in the transaction of the deed: neither happens without the other. Of what may be a secret only
 * that it is there is kept, whatever the caller hands in.
 */
export async function recordAct<Before extends KnownFields<Before>, After extends KnownFields<After>>(
  { now, log }: Pick<Deps, 'now' | 'log'>,
  tx: Db,
  by: Actor,
  { action, targetId, before = null, after = null }: Act<Before, After>,
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
export function changedFields<Fields extends object>(
  before: Fields,
  after: Fields,
): { before: Partial<Fields>; after: Partial<Fields> } {
  const beforeBy = new Map(Object.entries(before))
  const afterBy = new Map(Object.entries(after))
  const isChanged = (name: string) => JSON.stringify(beforeBy.get(name)) !== JSON.stringify(afterBy.get(name))
  // Some of the same fields, each with its value: what no signature of the standard library says.
  const only = (fields: Fields) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => isChanged(name))) as Partial<Fields>
  return { before: only(before), after: only(after) }
}

const secretName = /password|secret|hash|sealed|^(api_?)?key$|^token$|^code$/i

function withoutSecrets(fields: object): ActFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretName.test(name) && value !== null ? '[hidden]' : value,
    ]),
  )
}
