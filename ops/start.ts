import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './install-packages.ts'
import { makeAssets } from './make-assets.ts'

// bun start [command]: from a fresh clone to the running service. It runs before there are any packages, so it
// imports none.
const root = join(import.meta.dir, '..')
const words = process.argv.slice(2)

await installPackages()
if (!makeAssets()) process.exit(1)
becomeMain([process.execPath, join(root, 'src', 'main.ts'), ...(words.length > 0 ? words : ['serve'])])

/** Replaces this process, so that signals and the exit status are the service's own; Windows cannot do that. */
function becomeMain(command: string[]): void {
  const [program = '', ...rest] = command
  if (process.platform !== 'win32' && process.execve) process.execve(program, command, process.env)
  const child = spawn(program, rest, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const)
    process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
}
