import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')

/**
 * Makes what the program needs besides its source, unless it is there; false when that failed, and it has said why.
 * In a process of its own: making the embedded database takes a gigabyte for a moment.
 */
export function makeAssets(): boolean {
  const { status } = spawnSync(process.execPath, ['ops/assets.ts'], { cwd: root, stdio: 'inherit' })
  return status === 0
}
