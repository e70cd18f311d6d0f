import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { countHit } from '../../lib/limits.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { resetLetter } from '../mail/letters.ts'
import { siteOf } from '../settings/read-settings.ts'
import { toEmail } from './identifiers.ts'
import { findAccountByEmail, replaceResetToken } from './store.ts'
import type { User } from './user.ts'

/** No user has it. */
const nobody = 0

/** Longer than the work takes, so that a row more or less in the database cannot be told from the time of the answer. */
const leastMs = 30

/**
 * Mails a reset link to the person with this e-mail address; an earlier link stops working. Whoever asks learns
 * nothing: for an unknown address the same queries run and the same letter is put into the outbox, only that it has
 * run out already and is thrown away unsent. `debugToken` is set only where DEBUG_RETURN_RESET_TOKEN is, which then
 * sends no letter. Throws `rate_limited`.
 */
export async function requestPasswordReset(
  deps: Deps,
  identifier: string,
  client: Client,
): Promise<{ debugToken: string | null }> {
  const name = identifier.trim().toLowerCase()
  if (name === '') return { debugToken: null }
  await countTries(deps, name, client)
  const mayAnswer = Bun.sleep(leastMs)
  const account = await findAccountByEmail(deps.db, toEmail(name) ?? '')
  const user = account?.user.isActive ? account.user : null
  const token = createToken()
  await storeToken(deps, user, token, client)
  await mayAnswer
  deps.log.info({ userId: user?.id ?? null }, 'password reset asked for')
  return { debugToken: user !== null && deps.config.auth.debugReturnResetToken ? token : null }
}

async function countTries({ kv, config }: Deps, name: string, client: Client): Promise<void> {
  await countHit(kv, `rl:pwf:ip:${addressBucket(client.ip)}`, config.limits.forgotIp)
  await countHit(kv, `rl:pwf:id:${name}`, config.limits.forgotId)
}

async function storeToken(deps: Deps, user: User | null, token: string, client: Client): Promise<void> {
  const createdAt = deps.now()
  const expiresAt = new Date(createdAt.getTime() + deps.config.auth.resetTokenTtlSeconds * 1000)
  const letter = resetLetter(await siteOf(deps), user?.email ?? '', user?.locale ?? client.locale, token)
  await deps.db.transaction(async (tx) => {
    await replaceResetToken(tx, user?.id ?? nobody, { tokenHash: hashToken(token), createdAt, expiresAt })
    if (deps.config.auth.debugReturnResetToken) return
    await enqueueLetter(deps, tx, letter, { expiresAt: user === null ? createdAt : expiresAt })
  })
  deps.outboxBell.ring()
}
