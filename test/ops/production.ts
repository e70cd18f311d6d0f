import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort, isListening } from '../support/ports.ts'
import { requireProgram } from '../support/programs.ts'
import { type Server, startServer } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { commandsOf, startShell } from './runbook.ts'

const isRoot = process.getuid?.() === 0

/** PostgreSQL, PgBouncer and Redis as the runbook sets them up, with the files in `ops/`. */
export interface Production {
  folder: string
  ports: { postgres: number; pgbouncer: number; redis: number }
  /** The runbook's own shell, commands put to it with this machine's paths and ports. */
  run(commands: string): Promise<string>
  /** What the runbook says to keep for the settings. */
  databaseUrl: string
  redisPassword: string
  stop(): Promise<void>
}

export async function startProduction(): Promise<Production> {
  const folder = tempFolder('production')
  const ports = { postgres: await freePort(), pgbouncer: await freePort(), redis: await freePort() }
  const servers: Server[] = []
  const here = { folder, ports }
  const shell = startShell({ PGHOST: join(folder, 'run'), PGPORT: String(ports.postgres), ...superuser() })
  const run = (commands: string) => shell.run(adapted(commands, here))
  makeFolders(folder)
  createCluster(folder)
  writeFileSync(join(folder, 'etc/redis/redis.conf'), `port ${ports.redis}\ndir ${folder}/run\n`, {
    mode: 0o644,
  })

  const start = {
    postgresql: () => startPostgres(here),
    pgbouncer: () => startPgbouncer(here),
    'redis-server': () => startRedis(here),
  }
  const database = await follow(commandsOf('2. PostgreSQL and PgBouncer'))
  const redis = await follow(commandsOf('3. Redis'))
  return {
    ...here,
    run,
    databaseUrl: kept(database, 'DATABASE_URL'),
    redisPassword: kept(redis, 'REDIS_PASSWORD'),
    async stop() {
      shell.end()
      for (const server of servers.reverse()) await server.stop()
    },
  }

  /** Where the runbook tells systemd to restart a server, we start it. */
  async function follow(commands: string): Promise<string> {
    let output = ''
    for (const part of commands.split(/^(?=systemctl )/m)) {
      const [, name] = /^systemctl restart (.*)\n/.exec(part) ?? []
      if (name !== undefined) servers.push(await start[name as keyof typeof start]())
      output += await run(part.replace(/^systemctl .*\n/, ''))
    }
    return output
  }
}

type Here = Pick<Production, 'folder' | 'ports'>

/** The same commands with this machine's ports and a folder of their own for the root folder. */
function adapted(commands: string, { folder, ports }: Here): string {
  const moved = commands
    .replace(/(?<![\w/])\/(etc|var)\//g, `${folder}/$1/`)
    .replaceAll(':6432/', `:${ports.pgbouncer}/`)
    .replaceAll('redis-cli ', `redis-cli -p ${ports.redis} `)
  return isRoot ? moved : moved.replace(/runuser -u \w+ -- | -o \w+ -g \w+/g, '')
}

function kept(output: string, name: string): string {
  const value = new RegExp(`^${name}=(.+)$`, 'm').exec(output)?.[1]
  if (value === undefined) throw new Error(`the runbook shows no ${name}:\n${output}`)
  return value
}

/** As root PostgreSQL runs under Debian's account for it, which its socket knows; else under ours. */
function superuser(): Record<string, string> {
  return isRoot ? {} : { PGUSER: 'postgres' }
}

function makeFolders(folder: string): void {
  const version = /(\d+)/.exec(
    spawnSync(requireProgram('postgres'), ['-V'], { encoding: 'utf8' }).stdout,
  )?.[1]
  for (const name of [`etc/postgresql/${version}/main/conf.d`, 'etc/pgbouncer', 'etc/redis', 'var/backups'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['run', 'data']) {
    mkdirSync(join(folder, name), { mode: name === 'data' ? 0o700 : 0o777 })
    if (isRoot) chownSync(join(folder, name), accountId('-u'), accountId('-g'))
  }
}

function accountId(option: '-u' | '-g'): number {
  return Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout)
}

function createCluster(folder: string): void {
  const data = join(folder, 'data')
  const words = [`--pgdata=${data}`, '--username=postgres', '--auth-host=scram-sha-256', '--no-sync']
  const local = isRoot ? 'peer' : 'trust'
  const command = [requireProgram('initdb'), ...words, `--auth-local=${local}`, '--locale=C.UTF-8']
  const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--', ...command]
  const [program = '', ...rest] = isRoot ? asPostgres : command
  const { status, stderr } = spawnSync(program, rest, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
}

async function startPostgres({ folder, ports }: Here): Promise<Server> {
  const data = join(folder, 'data')
  const file = join(data, 'postgresql.conf')
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  // As in Debian's own file; what is not about this machine must come from ours.
  const include = `include_dir = '${folder}/etc/postgresql/${version}/main/conf.d'`
  const own = [`port = ${ports.postgres}`, `unix_socket_directories = '${folder}/run'`, 'fsync = off']
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${[include, ...own].join('\n')}\n`)
  return startServer({
    name: 'PostgreSQL',
    command: [requireProgram('postgres'), '-D', data],
    cwd: folder,
    env: { LC_ALL: 'C.UTF-8' },
    stopSignal: 'SIGINT',
    user: 'postgres',
    isReady: async () =>
      spawnSync(requireProgram('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(ports.postgres)])
        .status === 0,
  })
}

async function startPgbouncer({ folder, ports }: Here): Promise<Server> {
  const settings = join(folder, 'etc/pgbouncer/pgbouncer.ini')
  const moved = readFileSync(settings, 'utf8')
    .replace('port=5432', `port=${ports.postgres}`)
    .replace('listen_port = 6432', `listen_port = ${ports.pgbouncer}`)
    .replaceAll('/etc/pgbouncer/', `${folder}/etc/pgbouncer/`)
    .replace(/\/var\/(log|run)\/postgresql/g, `${folder}/run`)
  writeFileSync(settings, moved)
  return startServer({
    name: 'PgBouncer',
    command: [requireProgram('pgbouncer'), settings],
    cwd: folder,
    stopSignal: 'SIGINT',
    user: 'postgres',
    isReady: () => isListening(ports.pgbouncer),
  })
}

async function startRedis({ folder, ports }: Here): Promise<Server> {
  return startServer({
    name: 'Redis',
    command: [requireProgram('redis-server'), join(folder, 'etc/redis/redis.conf')],
    cwd: folder,
    stopSignal: 'SIGTERM',
    user: isRoot ? 'redis' : userInfo().username,
    isReady: () => isListening(ports.redis),
  })
}
