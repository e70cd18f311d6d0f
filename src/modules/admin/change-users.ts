import type { Deps } from '../../deps.ts'
import { changePerson, endPersonSessions, type PersonChange, takeUpPerson } from '../auth/change-person.ts'
import { createPerson, mailReset, type NewPerson } from '../auth/create-person.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { getPerson, type Person } from '../auth/list-people.ts'
import type { User } from '../auth/user.ts'
import { stopTurnsOf } from '../chat/stop-turn.ts'
import { siteOf } from '../settings/read-settings.ts'
import { assertPlan } from '../usage/plans.ts'
import { tellOfQuota } from '../usage/tell-of-quota.ts'
import { type Actor, changedFields, recordAct } from './record-act.ts'

export type NewUser = NewPerson & {
  plan: string | null
  /** The hash of a password that its owner has typed on the command line: never from an administrator. */
  delivery: 'mail' | 'link' | { passwordHash: string }
}

/**
 * Makes an account whose owner sets the password by a link: mailed, or where no mail can be sent to him returned this
 * once for the administrator to pass on. Throws `invalid_request`, `email_taken`, `phone_taken`, `username_taken`.
 */
export async function createUser(
  deps: Deps,
  by: Actor,
  { plan, delivery, ...person }: NewUser,
): Promise<{ person: Person; link: string | null }> {
  const canMail = deps.config.smtp !== null && Boolean(person.email?.trim())
  // Whoever has the link has the account.
  if (delivery === 'link' && canMail && by !== 'command line') {
    throw invalidField('delivery', 'Mails are sent here: the link goes to its owner alone')
  }
  const site = await siteOf(deps)
  const { user, link } = await deps.db.transaction(async (tx) => {
    const created = await createPerson(deps, tx, person, delivery === 'mail' ? { site } : delivery)
    const { uid } = created.user
    if (plan !== null) await assertPlan(tx, plan)
    const { after } = await changePerson(tx, uid, { plan })
    await recordAct(deps, tx, by, {
      action: 'user.create',
      targetId: uid,
      after: { ...fieldsOf(after), delivery: typeof delivery === 'string' ? delivery : 'typed' },
    })
    return created
  })
  deps.outboxBell.ring()
  return { person: await getPerson(deps, user.uid), link }
}

/** Throws as `changePerson`. */
export async function updateUser(
  deps: Deps,
  by: Actor,
  uid: string,
  changes: { role?: 'user' | 'admin' | undefined; plan?: string | null | undefined },
): Promise<Person> {
  const change = await deps.db.transaction(async (tx) => {
    if (changes.plan) await assertPlan(tx, changes.plan)
    const changed = await changePerson(tx, uid, changes)
    const fields = changedFields(fieldsOf(changed.before), fieldsOf(changed.after))
    const isChanged = Object.keys(fields.after).length > 0
    if (isChanged) await recordAct(deps, tx, by, { action: 'user.update', targetId: uid, ...fields })
    return changed
  })
  takeUpPerson(deps, change)
  if (changes.plan !== undefined) tellOfQuota(deps, change.after.id)
  return getPerson(deps, uid)
}

/**
 * Nobody who is banned is let in by any credential within a second, and what is open or being answered for him ends
 * here at once and elsewhere by then. Throws as `changePerson`.
 */
export async function banUser(deps: Deps, by: Actor, uid: string, reason: string | null): Promise<void> {
  const change = await deps.db.transaction(async (tx) => {
    const banned = await changePerson(tx, uid, { isActive: false })
    await recordAct(deps, tx, by, { action: 'user.ban', targetId: uid, after: { reason } })
    return banned
  })
  takeUpPerson(deps, change)
  stopTurnsOf(deps, change.after.id)
}

/** Throws `not_found`. */
export async function unbanUser(deps: Deps, by: Actor, uid: string): Promise<void> {
  const change = await deps.db.transaction(async (tx) => {
    const admitted = await changePerson(tx, uid, { isActive: true })
    await recordAct(deps, tx, by, { action: 'user.unban', targetId: uid })
    return admitted
  })
  takeUpPerson(deps, change)
}

/** Throws `not_found`. */
export async function endSessionsOf(deps: Deps, by: Actor, uid: string): Promise<void> {
  const change: PersonChange = await deps.db.transaction(async (tx) => {
    const ended = await endPersonSessions(tx, uid)
    const after = { ended: ended.endedSessions.length }
    await recordAct(deps, tx, by, { action: 'user.end_sessions', targetId: uid, after })
    return ended
  })
  takeUpPerson(deps, change)
}

/** Throws `not_found`, and `invalid_request` where there is no address. */
export async function sendResetMail(deps: Deps, by: Actor, uid: string): Promise<void> {
  const site = await siteOf(deps)
  await deps.db.transaction(async (tx) => {
    await mailReset(deps, tx, uid, site)
    await recordAct(deps, tx, by, { action: 'user.send_reset', targetId: uid })
  })
  deps.outboxBell.ring()
}

function fieldsOf({ email, username, phone, role, plan }: User) {
  return { email, username, phone, role, plan }
}
