import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import type { Letter } from '../../mail/mailer.ts'
import { sealLetter } from './sealed-letter.ts'
import { insertLetter } from './store.ts'

/**
 * Puts a letter into the outbox, in the transaction of the deed that it is about: both happen or neither does.
 * Ring `outboxBell` after the transaction, and it leaves at once. `expiresAt`: not worth sending from then on;
 * null: worth it for as long as the outbox tries.
 */
export async function enqueueLetter(
  { config, now }: Pick<Deps, 'config' | 'now'>,
  tx: Db,
  letter: Letter,
  { expiresAt }: { expiresAt: Date | null },
): Promise<void> {
  await insertLetter(tx, {
    kind: letter.kind,
    recipient: letter.to,
    sealedLetter: sealLetter(config.secretKey, letter),
    nextAttemptAt: now(),
    createdAt: now(),
    expiresAt,
  })
}
