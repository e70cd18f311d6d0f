import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, isListening } from './ports.ts'
import { postgresAccount, postgresUrl, testPassword, testUser } from './postgres.ts'
import { requireProgram } from './programs.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

export interface PgbouncerServer extends Server {
  port: number
  /** Of any database of the PostgreSQL behind it. */
  urlOf(database: string): string
}

/** A private PgBouncer in front of a PostgreSQL, with the very settings that `ops/` gives to a server. */
export async function startPgbouncer(postgresPort: number): Promise<PgbouncerServer> {
  const folder = tempFolder('pgbouncer')
  const port = await freePort()
  const users = join(folder, 'userlist.txt')
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(users, `"${testUser}" "${testPassword}"\n`)
  writeFileSync(settings, settingsFor({ port, postgresPort, users }))
  const user = postgresAccount()
  const server = await startServer({
    name: 'PgBouncer',
    command: [requireProgram('pgbouncer'), settings],
    cwd: folder,
    stopSignal: 'SIGTERM',
    ...(user ? { user } : {}),
    isReady: () => isListening(port),
  })
  return Object.assign(server, { port, urlOf: (database: string) => postgresUrl(port, database) })
}

/** Only what is this machine's is replaced: names, ports, files. Of two lines with one name the last one counts. */
function settingsFor(own: { port: number; postgresPort: number; users: string }): string {
  const ops = readFileSync(join(import.meta.dir, '../../ops/pgbouncer/pgbouncer.ini'), 'utf8')
  return ops
    .replace(/^cloudchat = .*$/m, `* = host=127.0.0.1 port=${own.postgresPort}`)
    .replace(/^listen_port = .*$/m, `listen_port = ${own.port}`)
    .replace(/^auth_file = .*$/m, `auth_file = ${own.users}`)
    .replace(/^(logfile|pidfile) = .*$/gm, '')
    .concat(`\nunix_socket_dir =\nserver_idle_timeout = 10\n`)
}
