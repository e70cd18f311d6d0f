import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { createLog } from '../lib/log.ts'
import { rotateKeys as rotate } from '../modules/models/rotate-keys.ts'
import { explainFailure } from './explain-failure.ts'
import { settingsOrExit } from './settings.ts'

/** After a change of SECRET_KEY. Exit status 1: it could not, or keys are left that no secret opens. */
export async function rotateKeys(): Promise<void> {
  const config = settingsOrExit()
  try {
    const { db, close } = await openDatabase(config, createLog('warn'))
    const { sealed, lost } = await migrate(db)
      .then(() => rotate({ db, config }))
      .finally(close)
    process.stdout.write(`provider keys sealed anew with SECRET_KEY: ${sealed}\n`)
    if (lost.length === 0) return
    process.stderr.write(
      `cloudchat: neither SECRET_KEY nor OLD_SECRET_KEY opens ${lost.join(', ')}: enter these keys again\n`,
    )
  } catch (error) {
    process.stderr.write(`cloudchat: cannot rotate keys: ${explainFailure(error, config)}\n`)
  }
  process.exitCode = 1
}
