import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')

/** Installs what the lock file names, exactly. When it is all there, this takes a moment and no network. */
export function installPackages(): void {
  if (!existsSync(join(root, 'node_modules'))) console.error('Installing packages …')
  const { status, stderr } = spawnSync(process.execPath, ['install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return
  console.error(`The packages could not be installed. Is the npm registry reachable?\n${stderr}`)
  process.exit(1)
}
