import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../lib/log.ts'
import { prepareDataDirectory } from './data-directory.ts'
import type { OpenDb } from './db.ts'
import { createEmbeddedClient } from './embedded-client.ts'
import { startThread } from './embedded-thread.ts'
import { takeLock } from './lock.ts'
import { toDb } from './sql-client.ts'

/**
 * PostgreSQL inside this process, its data under `dataDir`. One per process and never opened again: the memory
 * of a closed one is not given back. Throws, with words for the operator, when another process has it open or
 * the data is of another version or damaged.
 */
export async function openEmbedded(dataDir: string, deadlineSeconds: number, log: Log): Promise<OpenDb> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'postgres')
  const unlock = takeLock(join(dataDir, 'postgres.lock'), `The embedded database in ${path}`)
  try {
    await prepareDataDirectory(path)
    const thread = await startThread(path, log).catch((error) => {
      throw cannotOpen(path, error)
    })
    return {
      db: toDb(createEmbeddedClient(thread, deadlineSeconds)),
      kind: 'embedded',
      close: () => thread.close().finally(unlock),
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** What PostgreSQL itself says of damaged files gets lost on its way out. */
function cannotOpen(path: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return new Error(
    `the embedded database in ${path} cannot be opened (${reason}). If its disk has room, its files are damaged: ` +
      `put back a copy of them, or, to begin with an empty database, move the directory away: mv '${path}' '${path}.damaged'`,
  )
}
