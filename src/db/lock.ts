import { Database } from 'bun:sqlite'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'

/** Referred to from here, or the garbage collector would close a file that nobody asks for again, and its lock with it. */
const held = new Set<Database>()

/**
 * Takes a lock file for as long as this process lives, and returns its release. The lock is the operating
 * system's own (SQLite knows how to ask each of them), so nothing stale is left behind by a kill or a crash.
 * Throws, with words for the operator, when somebody else has it.
 */
export function takeLock(path: string, what: string): () => void {
  // SQLite would only say that it cannot open it; this says why.
  closeSync(openSync(path, 'a'))
  const file = new Database(path)
  try {
    file.run('pragma busy_timeout = 0')
    file.run('begin exclusive')
  } catch (error) {
    file.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    throw new Error(`${what} is in use by another running CloudChat${ownerNote(path)}. Stop that one first.`)
  }
  // For the message above only: the lock is what counts.
  writeFileSync(`${path}.pid`, String(process.pid))
  held.add(file)
  return () => {
    held.delete(file)
    file.close()
  }
}

function ownerNote(path: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(`${path}.pid`, 'utf8'), 10)})`
  } catch {
    return ''
  }
}
