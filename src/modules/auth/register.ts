import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { createUid } from '../../lib/ids.ts'
import { countHit } from '../../lib/limits.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { welcomeLetter } from '../mail/letters.ts'
import { hashPassword } from './hashing.ts'
import { isStorable, toEmail, toPhone, toUsername } from './identifiers.ts'
import { invalidField } from './invalid-field.ts'
import { isWeakPassword } from './password-policy.ts'
import { insertUser, type NewUser, setPasswordHash } from './store.ts'
import type { User } from './user.ts'

export interface Registration {
  /** At least one of the three. */
  email: string | null
  phone: string | null
  username: string | null
  displayName: string | null
  password: string
}

type Names = Pick<NewUser, 'email' | 'phone' | 'username' | 'displayName'>

const maxDisplayNameLength = 80

/**
 * Makes an account and sends a welcome. Weak passwords and taken names count against the limits, as what a robot
 * would try. Throws `invalid_request` (faults at `email`, `phone`, `username`, `display_name`, `password`),
 * `rate_limited`, `email_taken`, `phone_taken`, `username_taken`.
 */
export async function register(deps: Deps, registration: Registration, client: Client): Promise<User> {
  const names = readNames(registration)
  await countTries(deps, names.email, client)
  if (isWeakPassword(registration.password, [names.email, names.phone, names.username])) {
    throw invalidField('password', 'Weak password')
  }
  const passwordHash = await hashPassword(deps, registration.password)
  const user = await createAccount(
    deps,
    { ...names, uid: createUid(), role: 'user', locale: client.locale },
    passwordHash,
  )
  deps.outboxBell.ring()
  deps.log.info({ userId: user.id }, 'account registered')
  return user
}

function readNames(registration: Registration): Names {
  const email = given(registration.email)
  const phone = given(registration.phone)
  const username = given(registration.username)
  if (email === null && phone === null && username === null) throw invalidField('email', 'email required')
  return {
    email: email && (toEmail(email) ?? refuse('email', 'Invalid email')),
    phone: phone && (toPhone(phone) ?? refuse('phone', 'Invalid phone')),
    username: username && (toUsername(username) ?? refuse('username', 'Invalid username')),
    displayName: readDisplayName(given(registration.displayName)),
  }
}

function readDisplayName(name: string | null): string | null {
  if (name === null) return null
  const isFit = [...name].length <= maxDisplayNameLength && isStorable(name)
  return isFit ? name : refuse('display_name', 'Invalid display_name')
}

/** Spaces around do not count, and nothing but spaces is nothing. */
function given(text: string | null): string | null {
  return text?.trim() || null
}

async function countTries({ kv, config }: Deps, email: string | null, client: Client): Promise<void> {
  await countHit(kv, `rl:reg:ip:${addressBucket(client.ip)}`, config.limits.registerIp)
  if (email !== null) await countHit(kv, `rl:reg:email:${email}`, config.limits.registerEmail)
}

/** All of it or nothing: the person, the password, the welcome. */
async function createAccount(deps: Deps, newUser: NewUser, passwordHash: string): Promise<User> {
  const now = deps.now()
  return deps.db.transaction(async (tx) => {
    const user = await insertUser(tx, newUser, now)
    await setPasswordHash(tx, user.id, passwordHash, now)
    if (user.email !== null) {
      const letter = welcomeLetter(deps.config, user.email, user.locale)
      await enqueueLetter(deps, tx, letter, { expiresAt: null })
    }
    return user
  })
}

function refuse(path: string, message: string): never {
  throw invalidField(path, message)
}
