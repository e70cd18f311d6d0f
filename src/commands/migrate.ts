import { migrate as runMigrations } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { createLog } from '../lib/log.ts'
import { explainFailure } from './explain-failure.ts'
import { withProgress } from './progress.ts'
import { settingsOrExit } from './settings.ts'

/** Brings the database up to date and says what that took. Exit status 1: it could not. */
export async function migrate(): Promise<void> {
  const config = settingsOrExit()
  try {
    const { db, kind, close } = await openDatabase(config, createLog('warn'))
    const count = await withProgress('migrating · 正在迁移数据库', runMigrations(db)).finally(close)
    const place =
      kind === 'embedded' ? `the embedded database in ${config.dataDir}` : 'the PostgreSQL database'
    const done = count === 1 ? '1 migration run' : `${count} migrations run`
    process.stdout.write(`${place}: ${count === 0 ? 'nothing to do, it is up to date' : done}\n`)
  } catch (error) {
    process.stderr.write(`cloudchat: cannot migrate: ${explainFailure(error, config)}\n`)
    process.exitCode = 1
  }
}
