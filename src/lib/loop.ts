import { type Bell, createBell } from './bell.ts'
import { describeError } from './describe-error.ts'
import type { Log } from './log.ts'

export interface Loop {
  /** Begins no further round; resolves when the present one has ended, or after `maxWaitMs`. */
  stop(maxWaitMs?: number): Promise<void>
}

export interface LoopOptions {
  name: string
  pauseMs: number
  /** Cuts the pause short. */
  bell?: Bell
  work: () => Promise<void>
  log: Log
}

/** Does `work` again and again: at once, and after each pause. A failed round is logged and ends nothing. */
export function startLoop({ name, pauseMs, bell = createBell(), work, log }: LoopOptions): Loop {
  let isStopped = false
  let isFailing = false
  const ended = run()

  async function run(): Promise<void> {
    while (!isStopped) {
      await round()
      if (!isStopped) await bell.wait(pauseMs)
    }
  }

  // A database that is away for an hour is told once, not every few seconds.
  async function round(): Promise<void> {
    try {
      await work()
      if (isFailing) log.info({ job: name }, 'job works again')
      isFailing = false
    } catch (error) {
      log[isFailing ? 'debug' : 'warn']({ job: name, error: describeError(error) }, 'job failed, will go on')
      isFailing = true
    }
  }

  async function stop(maxWaitMs = 5000): Promise<void> {
    isStopped = true
    bell.ring()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, maxWaitMs)
    await Promise.race([ended, promise])
    clearTimeout(timer)
  }

  return { stop }
}
