import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { closeAll } from './close-all.ts'
import { dropSessions } from './drop-sessions.ts'
import { invalidField } from './invalid-field.ts'
import { isUid, noPerson } from './list-people.ts'
import { lockAdmins, lockPerson, type PersonState, updatePerson } from './people-store.ts'
import { deleteUserSessions } from './session-store.ts'
import { deleteResetToken } from './store.ts'
import type { User } from './user.ts'

/** What was, what is, and which log-ins ended with it: for `takeUpPerson`, once the transaction is done. */
export interface PersonChange {
  before: User
  after: User
  endedSessions: string[]
}

/**
 * Changes what somebody may do, in a transaction. Who is banned is logged out everywhere, and a reset link under way to
 * him dies. Throws `not_found`; `invalid_request` for what is no plan; `conflict` when nobody would be left who can
 * administrate.
 */
export async function changePerson(
  tx: Db,
  uid: string,
  changes: { [Name in keyof PersonState]?: PersonState[Name] | undefined },
): Promise<PersonChange> {
  const { role, plan, isActive } = changes
  if (typeof plan === 'string' && !/^[a-z0-9][a-z0-9_-]{0,31}$/.test(plan)) {
    throw invalidField('plan', 'Expected 1 to 32 lower-case letters, digits, - and _')
  }
  const admins = role === 'user' || isActive === false ? await lockAdmins(tx) : null
  const before = isUid(uid) ? await lockPerson(tx, uid) : null
  if (before === null) throw noPerson()
  if (admins?.length === 1 && admins[0] === before.id) {
    throw new AppError('conflict', 'The last administrator stays one')
  }
  const after = await updatePerson(tx, before.id, {
    role: role ?? before.role,
    plan: plan === undefined ? before.plan : plan,
    isActive: isActive ?? before.isActive,
  })
  if (isActive !== false) return { before, after, endedSessions: [] }
  const ended = await deleteUserSessions(tx, before.id)
  await deleteResetToken(tx, before.id)
  return { before, after, endedSessions: ended.map(({ id }) => id) }
}

/** Ends all log-ins of somebody, in a transaction. Throws `not_found`. */
export async function endPersonSessions(tx: Db, uid: string): Promise<PersonChange> {
  const person = isUid(uid) ? await lockPerson(tx, uid) : null
  if (person === null) throw noPerson()
  const ended = await deleteUserSessions(tx, person.id)
  return { before: person, after: person, endedSessions: ended.map(({ id }) => id) }
}

/** This process forgets what it knew of that person, and lets go of who may do nothing more; others do within a second. */
export function takeUpPerson(
  deps: Pick<Deps, 'credentialCache' | 'keyCache' | 'openStreams' | 'openCalls' | 'log'>,
  { after, endedSessions }: PersonChange,
): void {
  deps.credentialCache.forget((credential) => credential?.user.id === after.id)
  deps.keyCache.forget((holder) => holder?.user.id === after.id)
  dropSessions(deps, endedSessions)
  if (!after.isActive) closeAll(deps.openCalls, ({ userId }) => userId === after.id, deps.log)
}
