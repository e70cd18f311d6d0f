import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The real programs that tests and benches run against, and the Debian/Ubuntu package of each. */
export const programs = {
  postgres: 'postgresql',
  pgbouncer: 'pgbouncer',
  'redis-server': 'redis-server',
  nginx: 'nginx',
  chromium: 'chromium',
  openssl: 'openssl',
  'systemd-analyze': 'systemd',
  strace: 'strace',
  wrk: 'wrk',
} as const

export type Program = keyof typeof programs

/** What the tests need: all but the load of the benches. */
export const testPrograms = (Object.keys(programs) as Program[]).filter((program) => program !== 'wrk')

const systemFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin']
const otherNames: Partial<Record<Program, string[]>> = {
  chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
}

/** Where a program is, or null. Looks past PATH too: Debian keeps servers out of a user's PATH. */
export function findProgram(program: Program | 'initdb' | 'pg_isready'): string | null {
  const names = [program, ...(otherNames[program as Program] ?? [])]
  const folders = [...(process.env.PATH ?? '').split(':'), ...systemFolders, ...postgresFolders()]
  for (const folder of folders) {
    for (const name of names) if (folder && existsSync(join(folder, name))) return join(folder, name)
  }
  return null
}

/** Debian keeps each major version of PostgreSQL in a folder of its own; the newest first. */
function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'))
}

/** The path of a program that must be there. Throws with the way out. */
export function requireProgram(program: Parameters<typeof findProgram>[0]): string {
  const path = findProgram(program)
  if (!path) throw new Error(`${program} is not installed: run the whole test command once, as root`)
  return path
}
