import { readFileSync, writeFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second, on every machine we run on. */
const ticksPerSecond = 100

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

/** CPU time of a process, its threads and its living children: a figure that other programs do not disturb. */
export function cpuSeconds(pid: number): number {
  // The second field is the program's name in brackets, with whatever is in it.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own)
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
