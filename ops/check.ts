import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './install-packages.ts'

const root = join(import.meta.dir, '..')

/** Format, lint and types of the whole tree. Prints the findings; true when there are none. */
export function check(): boolean {
  const colors = process.stdout.isTTY ? [] : ['--colors=off']
  const steps = {
    'format and lint': ['biome', 'ci', '--error-on-warnings', ...colors, '.'],
    types: ['tsc', '--noEmit'],
  }
  let isClean = true
  for (const [name, command] of Object.entries(steps)) {
    const { status } = spawnSync(process.execPath, ['x', '--no-install', '--bun', ...command], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    console.log(`${name}: ${status === 0 ? 'clean' : 'FAILED'}`)
    isClean &&= status === 0
  }
  return isClean
}

if (import.meta.main) {
  await installPackages()
  process.exit(check() ? 0 : 1)
}
