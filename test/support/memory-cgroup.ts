import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface MemoryCgroup {
  /** Put before a command that is to run inside. */
  prefix: string[]
  /** How often the kernel killed for want of memory. */
  kills(): number
  /** After its last process has ended. */
  remove(): void
}

/** A control group (version 1 or 2) with that much memory, or null where none can be made: no Linux, no root, a container. */
export function createMemoryCgroup(megabytes: number): MemoryCgroup | null {
  const isFirst = existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  const [limit, events] = isFirst
    ? ['memory.limit_in_bytes', 'memory.oom_control']
    : ['memory.max', 'memory.events']
  const folder = join(isFirst ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup', `cloudchat-test-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, limit), String(megabytes * 1024 * 1024))
  } catch {
    return null
  }
  return {
    prefix: ['/bin/sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder],
    kills: () =>
      Number(/^oom_kill (\d+)/m.exec(readFileSync(join(folder, events), 'utf8'))?.[1] ?? Number.NaN),
    remove: () => rmdirSync(folder),
  }
}

/** The most memory that a process ever held, in megabytes. */
export function peakMemoryMegabytes(pid: number): number {
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
