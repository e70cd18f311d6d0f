import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { requireProgram } from './programs.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

export const testUser = 'cloudchat'
export const testPassword = 'a test password'

export interface PostgresServer extends Server {
  port: number
  /** Of the database `postgres`, straight to the server, as an account that may create databases. */
  url: string
}

/** A private PostgreSQL with scram passwords. It does not wait for the disk: a test's data need not outlive the machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = tempFolder('postgres')
  const data = join(folder, 'data')
  const user = postgresAccount()
  createCluster(folder, data, user)
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'fsync=off',
    'full_page_writes=off',
  ]
  const server = await startServer({
    name: 'PostgreSQL',
    command: [requireProgram('postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    cwd: folder,
    env: { LC_ALL: 'C.UTF-8' },
    stopSignal: 'SIGINT',
    ...(user ? { user } : {}),
    isReady: async () => isReady(port),
  })
  return Object.assign(server, { port, url: postgresUrl(port, 'postgres') })
}

export function postgresUrl(port: number, database: string): string {
  return `postgres://${testUser}:${encodeURIComponent(testPassword)}@127.0.0.1:${port}/${database}`
}

/** PostgreSQL and PgBouncer refuse to run as root. */
export function postgresAccount(): string | null {
  return process.getuid?.() === 0 ? 'postgres' : null
}

function createCluster(folder: string, data: string, user: string | null): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, testPassword, { mode: 0o644 })
  mkdirSync(data, { mode: 0o700 })
  if (user) run(['chown', `${user}:${user}`, data], folder)
  const initdb = [
    requireProgram('initdb'),
    `--pgdata=${data}`,
    `--username=${testUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]
  run(
    user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--', ...initdb] : initdb,
    folder,
  )
}

function run([program, ...words]: string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program!, words, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
}

/** The port opens before the server takes questions. */
function isReady(port: number): boolean {
  const words = ['-q', '-h', '127.0.0.1', '-p', String(port), '-U', testUser]
  return spawnSync(requireProgram('pg_isready'), words).status === 0
}
