import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './install-packages.ts'

// bun start [command]: from a fresh clone to the running service. It runs before there are any packages, so it
// imports none.
const root = join(import.meta.dir, '..')
const words = process.argv.slice(2)

installPackages()
makeAssets()
becomeMain([process.execPath, join(root, 'src', 'main.ts'), ...(words.length > 0 ? words : ['serve'])])

/** In a process of its own: making the embedded database takes a gigabyte for a moment. */
function makeAssets(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'ops', 'assets.ts')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

/** Replaces this process, so that signals and the exit status are the service's own; Windows cannot do that. */
function becomeMain(command: string[]): void {
  const [program = '', ...rest] = command
  if (process.platform !== 'win32' && process.execve) process.execve(program, command, process.env)
  const child = spawn(program, rest, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const)
    process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
}
