import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface ServerSpec {
  name: string
  command: string[]
  cwd?: string
  env?: Record<string, string>
  /** The signal that ends it without haste or loss. */
  stopSignal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT'
  /** The account it runs as when the tests run as root (some servers refuse root). */
  user?: string
  isReady(): Promise<boolean>
}

/** A running program that a test may stop and start again, on the same port and with the same data. */
export interface Server {
  readonly pid: number
  start(): Promise<void>
  stop(): Promise<void>
  /** SIGKILL: as a crash. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT: it hangs, its connections stay. */
  freeze(): void
  thaw(): void
  /** What it wrote to both outputs so far (the last 100,000 characters). */
  output(): string
  /** Settles with the exit status when the running program ends; null: by a signal. */
  ended(): Promise<number | null>
}

/** Starts a program and waits until it is ready. It never outlives the process that started it. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  let child: ChildProcess | null = null
  let output = ''

  const server: Server = {
    get pid() {
      return child?.pid ?? 0
    },
    async start() {
      const [program, ...words] = bound(spec)
      const started = spawn(program!, words, {
        cwd: spec.cwd,
        env: spec.env ?? process.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (bytes: Buffer) => {
          output = (output + bytes).slice(-100_000)
        })
      }
      await untilReady(spec, started, () => output)
    },
    stop: () => end(child, spec.stopSignal),
    kill: () => end(child, 'SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    output: () => output,
    ended: () => ended(child),
  }
  await server.start()
  return server
}

/** The command, under another account if need be, and told by the kernel to stop when we die (even by SIGKILL). */
function bound({ command, user, stopSignal }: ServerSpec): string[] {
  const setpriv = '/usr/bin/setpriv'
  if (!existsSync(setpriv)) return command
  const account =
    user && process.getuid?.() === 0 ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : []
  return [setpriv, `--pdeathsig=${stopSignal.slice(3)}`, ...account, '--', ...command]
}

async function untilReady(spec: ServerSpec, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await spec.isReady())) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${spec.name} did not start:\n${output()}`)
    }
    await Bun.sleep(20)
  }
}

async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  child?.kill(signal)
  await ended(child)
}

async function ended(child: ChildProcess | null): Promise<number | null> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
  return new Promise((resolve) => child.once('exit', resolve))
}
