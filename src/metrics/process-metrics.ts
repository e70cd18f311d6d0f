import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Under the names that every dashboard for Prometheus knows. The library's own set has zeros that are not true. */
export function measureProcess(registry: Registry): void {
  const registers = [registry]
  for (const [name, help, microseconds] of [
    ['process_cpu_seconds_total', 'CPU time, user and system.', () => cpuOf('user') + cpuOf('system')],
    ['process_cpu_user_seconds_total', 'CPU time of the program itself.', () => cpuOf('user')],
    ['process_cpu_system_seconds_total', 'CPU time of the kernel on its behalf.', () => cpuOf('system')],
  ] as const) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(microseconds() / 1e6)
      },
    })
  }
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors: every connection takes one.',
    registers,
    async collect() {
      this.set(await countOpenFiles())
    },
  })
  new Gauge({ name: 'process_max_fds', help: 'So many may be open.', registers }).set(maxOpenFiles())
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start of the process, in seconds since 1970.',
    registers,
  }).set(Math.round(performance.timeOrigin / 1000))
}

function cpuOf(kind: 'user' | 'system'): number {
  return process.cpuUsage()[kind]
}

/** NaN where the system does not tell. */
async function countOpenFiles(): Promise<number> {
  const names = await readdir('/proc/self/fd').catch(() => null)
  return names?.length ?? Number.NaN
}

function maxOpenFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}
