import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { OpenDb } from '../../src/db/db.ts'
import { openEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { refusal } from './refusal.ts'

// An embedded database in a process of its own, for tests that break it: bun embedded-process.ts DATA_DIR WHAT.
// Each line of its output is one finding, in JSON.
const [dataDir = '', what = ''] = process.argv.slice(2)
const deadlineSeconds = 0.5
const say = (finding: unknown) => console.log(JSON.stringify(finding))
const codeOf = async (work: PromiseLike<unknown>) => findAppError(await refusal(work))?.code
const log = createLog('warn', (line) => say({ log: JSON.parse(line).msg }))

const scenarios: Record<string, (opened: OpenDb) => Promise<void>> = {
  async hold() {
    say('open')
    await Bun.sleep(60_000)
  },

  async writeUntilKilled({ db }) {
    await db.execute(sql`create table if not exists marks (id int)`)
    for (let id = 1; ; id++) {
      await db.execute(sql`insert into marks values (${id})`)
      say(id)
    }
  },

  async read({ db, close }) {
    say(rowsOf<{ id: number }>(await db.execute(sql`select id from marks`)).map(({ id }) => id))
    await close()
  },

  async late({ db, close }) {
    await db.execute(sql`create table marks (id int)`)
    let ticks = 0
    const ticking = setInterval(() => ticks++, 10)
    const slow = codeOf(db.execute(sql`select pg_sleep(2)`))
    await Bun.sleep(50)
    const behind = codeOf(db.execute(sql`insert into marks values (1)`))
    const transactionBehind = codeOf(db.transaction((tx) => tx.execute(sql`insert into marks values (2)`)))
    say({ slow: await slow, behind: await behind, transactionBehind: await transactionBehind })
    clearInterval(ticking)
    say({ othersWentOn: ticks > 10 })
    await untilItAnswers(db)
    const lateInside = codeOf(
      db.transaction(async (tx) => {
        await tx.execute(sql`insert into marks values (3)`)
        await tx.execute(sql`select pg_sleep(1)`)
      }),
    )
    say({ lateInside: await lateInside })
    await untilItAnswers(db)
    await db.execute(sql`insert into marks values (4)`)
    say(rowsOf(await db.execute(sql`select id from marks`)))
    await close()
  },

  async die({ db, close }) {
    // Without its log PostgreSQL cannot go on: it panics, which ends a server; here it ends the thread.
    rmSync(join(dataDir, 'postgres', 'pg_wal'), { recursive: true })
    const panic = sql`select pg_switch_wal(), pg_logical_emit_message(true, 'a', 'b'), pg_switch_wal()`
    say({ first: await codeOf(db.execute(panic)) })
    say({ next: await codeOf(db.execute(sql`select 1`)) })
    say({ transaction: await codeOf(db.transaction((tx) => tx.execute(sql`select 1`))) })
    await close()
  },

  async fillTheDisk({ db, close }) {
    const full = sql`do $$ begin raise 'could not extend file' using errcode = 'disk_full'; end $$`
    say({ full: await codeOf(db.execute(full)) })
    say({ inside: await codeOf(db.transaction((tx) => tx.execute(full))) })
    say(rowsOf(await db.execute(sql`select 1 as next`)))
    await close()
  },

  async closeTwice({ db, close }) {
    say(await migrate(db))
    await close()
    await close()
    say({ after: await codeOf(db.execute(sql`select 1`)) })
  },
}

try {
  await scenarios[what]?.(await openEmbedded(dataDir, deadlineSeconds, log))
} catch (error) {
  say({ refused: error instanceof Error ? error.message : error })
}

async function untilItAnswers(db: OpenDb['db']): Promise<void> {
  while ((await db.execute(sql`select 1`).then(Boolean, () => false)) === false) await Bun.sleep(20)
}
