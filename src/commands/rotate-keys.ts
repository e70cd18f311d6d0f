import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { createLog } from '../lib/log.ts'
import { rotateProviderKeys } from '../modules/admin/rotate-provider-keys.ts'
import { explainFailure } from './explain-failure.ts'
import { settingsOrExit } from './settings.ts'

/** After a change of SECRET_KEY. Exit status 1: it could not, or keys are left that no secret opens. */
export async function rotateKeys(): Promise<void> {
  const config = settingsOrExit()
  try {
    const log = createLog('warn')
    const { db, close } = await openDatabase(config, log)
    const { sealed, lost } = await migrate(db)
      .then(() => rotateProviderKeys({ db, config, log, now: () => new Date() }, 'command line'))
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
