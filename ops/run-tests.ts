import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Outcome {
  passed: number
  failed: number
  skipped: number
}

/** Runs `bun test`, one file after the other, and shows its output as it comes. The signal ends it; that is a failure. */
export async function runTests(
  words: string[],
  env: Record<string, string>,
  signal: AbortSignal,
  show: (output: Buffer) => void,
): Promise<Outcome> {
  if (signal.aborted) return { passed: 0, failed: 1, skipped: 0 }
  const child = spawn(process.execPath, ['test', '--timeout=60000', ...words], {
    cwd: join(import.meta.dir, '..'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let tail = ''
  child.stdout.on('data', show)
  child.stderr.on('data', (bytes: Buffer) => {
    show(bytes)
    tail = (tail + bytes).slice(-2000)
  })
  signal.addEventListener('abort', () => child.kill('SIGTERM'))
  const [code] = await once(child, 'close')
  return outcomeOf(tail, code)
}

/** Reads the summary, the last thing there. A run without one (a test ended the process) or with another verdict has failed. */
function outcomeOf(output: string, code: number | null): Outcome {
  const summary = /\n((?: +\d+ .+\n)+)Ran \d+ tests? across .+\s*$/.exec(Bun.stripANSI(output))?.[1] ?? ''
  const count = (word: string) => Number(new RegExp(`^ +(\\d+) ${word}`, 'm').exec(summary)?.[1] ?? 0)
  const passed = count('pass')
  const failed = count('fail')
  const hasFailed = code !== 0 || passed === 0
  return { passed, failed: hasFailed ? Math.max(failed, 1) : failed, skipped: count('skip') + count('todo') }
}
