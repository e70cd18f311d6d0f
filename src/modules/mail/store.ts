import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { mailOutbox } from '../../db/tables.ts'

export type NewLetter = Omit<typeof mailOutbox.$inferInsert, 'id' | 'attempts'>
export type WaitingLetter = typeof mailOutbox.$inferSelect

export async function insertLetter(db: Db, letter: NewLetter): Promise<void> {
  await db.insert(mailOutbox).values(letter)
}

/** The letters longest due, for this caller alone until `leaseUntil`; the present attempt is counted already. */
export async function claimDueLetters(
  db: Db,
  now: Date,
  leaseUntil: Date,
  limit: number,
): Promise<WaitingLetter[]> {
  const due = db
    .$with('due')
    .as(
      db
        .select({ id: mailOutbox.id })
        .from(mailOutbox)
        .where(lte(mailOutbox.nextAttemptAt, now))
        .orderBy(mailOutbox.nextAttemptAt)
        .limit(limit)
        .for('update', { skipLocked: true }),
    )
  return db
    .with(due)
    .update(mailOutbox)
    .set({ attempts: sql`${mailOutbox.attempts} + 1`, nextAttemptAt: leaseUntil })
    .where(inArray(mailOutbox.id, db.select({ id: due.id }).from(due)))
    .returning()
}

export async function deleteLetter(db: Db, letter: WaitingLetter): Promise<void> {
  await db.delete(mailOutbox).where(isStillOurs(letter))
}

export async function postponeLetter(db: Db, letter: WaitingLetter, nextAttemptAt: Date): Promise<void> {
  await db.update(mailOutbox).set({ nextAttemptAt }).where(isStillOurs(letter))
}

/** Another sender counts an attempt of its own when it takes over a letter whose lease has run out. */
function isStillOurs({ id, attempts }: WaitingLetter) {
  return and(eq(mailOutbox.id, id), eq(mailOutbox.attempts, attempts))
}

/** All that are not sent, and those of them that have been tried in vain. */
export async function countLetters(db: Db): Promise<{ waiting: number; failing: number }> {
  const result = await db.execute(sql`
    select count(*)::integer as waiting, (count(*) filter (where attempts > 1))::integer as failing
    from ${mailOutbox} where recipient <> ''`)
  return rowsOf<{ waiting: number; failing: number }>(result)[0] ?? { waiting: 0, failing: 0 }
}
