import type { Config } from '../config.ts'
import type { Log } from '../lib/log.ts'
import type { OpenDb } from './db.ts'
import { openEmbedded } from './embedded.ts'
import { openPostgres } from './postgres.ts'

/** The database that the settings name: a server, or the embedded one. Its tables are `migrate`'s business. */
export async function openDatabase(config: Config, log: Log): Promise<OpenDb> {
  return config.database
    ? openPostgres(config.database, log)
    : openEmbedded(config.dataDir, embeddedDeadlineSeconds, log)
}

const embeddedDeadlineSeconds = 10
