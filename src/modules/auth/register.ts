import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { createUid } from '../../lib/ids.ts'
import { countHit } from '../../lib/limits.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { type Site, welcomeLetter } from '../mail/letters.ts'
import { getSettings, siteOf } from '../settings/read-settings.ts'
import { hashPassword } from './hashing.ts'
import { invalidField } from './invalid-field.ts'
import { checkInvite, spendInvite } from './invites.ts'
import { isWeakPassword } from './password-policy.ts'
import { readDisplayName, readEmail, readPhone, readUsername } from './read-names.ts'
import { insertUser, type NewUser, setPasswordHash } from './store.ts'
import type { User } from './user.ts'

export interface Registration {
  /** At least one of the three. */
  email: string | null
  phone: string | null
  username: string | null
  displayName: string | null
  password: string
  /** Where registering takes an invitation. */
  inviteCode?: string | null
}

type Names = Pick<NewUser, 'email' | 'phone' | 'username' | 'displayName'>

/**
 * Makes an account and sends a welcome, as far as registering is open. Weak passwords and taken names count against the limits, as what a robot
 * would try. Throws `invalid_request` (faults at `email`, `phone`, `username`, `display_name`, `password`, `invite_code`),
 * `forbidden`, `rate_limited`, `email_taken`, `phone_taken`, `username_taken`.
 */
export async function register(deps: Deps, registration: Registration, client: Client): Promise<User> {
  const names = readNames(registration)
  await countTries(deps, names.email, client)
  const inviteCode = await admit(deps, registration.inviteCode ?? null)
  if (isWeakPassword(registration.password, [names.email, names.phone, names.username])) {
    throw invalidField('password', 'Weak password')
  }
  const passwordHash = await hashPassword(deps, registration.password)
  const newUser = { ...names, uid: createUid(), role: 'user' as const, locale: client.locale }
  const user = await createAccount(deps, newUser, { passwordHash, inviteCode, site: await siteOf(deps) })
  deps.outboxBell.ring()
  deps.log.info({ userId: user.id }, 'account registered')
  return user
}

/** Whether anybody may register, as it is at this moment; the invitation that this uses up, or null: it takes none. */
async function admit(deps: Deps, code: string | null): Promise<string | null> {
  const { registration } = await getSettings(deps)
  if (registration === 'open') return null
  if (registration === 'closed') throw new AppError('forbidden', 'Registration is closed')
  if (!code) throw new AppError('forbidden', 'Registration takes an invitation')
  await checkInvite(deps, code)
  return code
}

function readNames({ email, phone, username, displayName }: Registration): Names {
  const isNamed = [email, phone, username].some((name) => name?.trim())
  if (!isNamed) throw invalidField('email', 'email required')
  return {
    email: readEmail(email),
    phone: readPhone(phone),
    username: readUsername(username),
    displayName: readDisplayName(displayName),
  }
}

async function countTries({ kv, config }: Deps, email: string | null, client: Client): Promise<void> {
  await countHit(kv, `rl:reg:ip:${addressBucket(client.ip)}`, config.limits.registerIp)
  if (email !== null) await countHit(kv, `rl:reg:email:${email}`, config.limits.registerEmail)
}

/** All of it or nothing: the person, the password, the welcome. */
async function createAccount(
  deps: Deps,
  newUser: NewUser,
  { passwordHash, inviteCode, site }: { passwordHash: string; inviteCode: string | null; site: Site },
): Promise<User> {
  const now = deps.now()
  return deps.db.transaction(async (tx) => {
    if (inviteCode !== null) await spendInvite(deps, tx, inviteCode)
    const user = await insertUser(tx, newUser, now)
    await setPasswordHash(tx, user.id, passwordHash, now)
    if (user.email !== null) {
      const letter = welcomeLetter(site, user.email, user.locale)
      await enqueueLetter(deps, tx, letter, { expiresAt: null })
    }
    return user
  })
}
