import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './install-packages.ts'

// bun ops/run.ts PROGRAM …: a package's own program, run by Bun, so that Node need not be there.
await installPackages()
const { status } = spawnSync(process.execPath, ['x', '--no-install', '--bun', ...process.argv.slice(2)], {
  cwd: join(import.meta.dir, '..'),
  stdio: 'inherit',
})
process.exit(status ?? 1)
