import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { createUid } from '../../lib/ids.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { accountLetter, passwordLink, resetLetter, type Site } from '../mail/letters.ts'
import { invalidField } from './invalid-field.ts'
import { isUid, noPerson } from './list-people.ts'
import { lockPerson } from './people-store.ts'
import { nameless, readDisplayName, readEmail, readPhone, readUsername } from './read-names.ts'
import { insertUser, replaceResetToken, setPasswordHash } from './store.ts'
import type { User } from './user.ts'

export interface NewPerson {
  /** At least one of the three. */
  email: string | null
  phone: string | null
  username: string | null
  displayName: string | null
  role: 'user' | 'admin'
  locale: 'zh' | 'en'
}

type CreateDeps = Pick<Deps, 'config' | 'now'>

/** How its owner comes to the password; by a hash: he has just typed it himself. */
export type Delivery = 'link' | { site: Site } | { passwordHash: string }

/** Whoever is made an account for may be on holiday, but the link is as good as the account. */
export const linkHours = 24

/**
 * Makes an account without a password, in a transaction, and a link by which its owner sets one: nobody else ever
 * knows it. With a site, whose letter it is, he is sent the link (ring `outboxBell` after it); otherwise it is returned, this once. Throws
 * `invalid_request`, `email_taken`, `phone_taken`, `username_taken`.
 */
export async function createPerson(
  deps: CreateDeps,
  tx: Db,
  person: NewPerson,
  delivery: Delivery,
): Promise<{ user: User; link: string | null }> {
  const names = {
    email: readEmail(person.email),
    phone: readPhone(person.phone),
    username: readUsername(person.username),
    displayName: readDisplayName(person.displayName),
  }
  if (names.email === null && names.phone === null && names.username === null) throw nameless()
  if (delivery !== 'link' && 'site' in delivery && names.email === null)
    throw invalidField('email', 'A mail needs an address')
  const { role, locale } = person
  const user = await insertUser(tx, { ...names, role, locale, uid: createUid() }, deps.now())
  if (delivery !== 'link' && 'passwordHash' in delivery) {
    await setPasswordHash(tx, user.id, delivery.passwordHash, deps.now())
    return { user, link: null }
  }
  const { token, expiresAt } = await startReset(deps, tx, user, linkHours * 3600)
  if (delivery === 'link' || user.email === null) return { user, link: passwordLink(deps.config, token) }
  const letter = accountLetter(delivery.site, user.email, locale, token, linkHours)
  await enqueueLetter(deps, tx, letter, { expiresAt })
  return { user, link: null }
}

/** A link by which somebody sets a password, for whoever has the command line or has just started the service. */
export async function createPasswordLink(
  deps: CreateDeps,
  tx: Db,
  user: User,
  seconds: number,
): Promise<string> {
  const { token } = await startReset(deps, tx, user, seconds)
  return passwordLink(deps.config, token)
}

/**
 * Mails somebody a link to reset the password, in a transaction; ring `outboxBell` after it. Throws `not_found`, and
 * `invalid_request` where there is no address.
 */
export async function mailReset(deps: CreateDeps, tx: Db, uid: string, site: Site): Promise<User> {
  const user = isUid(uid) ? await lockPerson(tx, uid) : null
  if (user === null || !user.isActive) throw noPerson()
  if (user.email === null) throw invalidField('email', 'This person has no e-mail address')
  const { token, expiresAt } = await startReset(deps, tx, user, deps.config.auth.resetTokenTtlSeconds)
  await enqueueLetter(deps, tx, resetLetter(site, user.email, user.locale, token), { expiresAt })
  return user
}

async function startReset({ now }: Pick<Deps, 'now'>, tx: Db, user: User, seconds: number) {
  const token = createToken()
  const createdAt = now()
  const expiresAt = new Date(createdAt.getTime() + seconds * 1000)
  await replaceResetToken(tx, user.id, { tokenHash: hashToken(token), createdAt, expiresAt })
  return { token, expiresAt }
}
