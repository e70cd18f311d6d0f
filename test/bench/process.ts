import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Memory that a process holds now. */
export function residentMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS')
}

/** The most it has held since it began, or since `forgetPeak`. */
export function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM')
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/**
 * CPU time of a process, its threads and its living children: a figure that other programs disturb little. From the
 * scheduler's own clock; the times in `stat` are counted in ticks, and a busy machine loses some.
 */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`)
  const own = threads.reduce((sum, file) => sum + runNanoseconds(file) / 1e9, 0)
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own)
}

function runNanoseconds(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ', 1)[0])
  } catch {
    // The thread has ended since it was listed.
    return 0
  }
}

function childrenOf(pid: number): number[] {
  const line = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return line === '' ? [] : line.split(' ').map(Number)
}

function statusMegabytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  if (!kilobytes) throw new Error(`process ${pid} has no ${field}`)
  return Number(kilobytes) / 1024
}
