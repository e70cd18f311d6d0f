import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Binary, type BinaryOptions, startBinary } from '../support/binary.ts'
import { noLimits } from '../support/binary-on-stack.ts'
import { services } from '../support/services.ts'
import { createEmptyDatabase } from '../support/test-database.ts'
import { manyConnections } from './programs.ts'

/** The executable with nothing beside it. Its access log goes to a file, as a service manager's would. */
export function startEmbedded(options: BinaryOptions = {}): Promise<Binary> {
  return startBinary({ ...options, prefix: logToFile, env: { ...noLimits, ...options.env } })
}

/** The executable as on a server: PostgreSQL through PgBouncer, Redis, the settings of production. */
export async function startOnServices(env: Record<string, string> = {}): Promise<Binary> {
  return startWith({ ...(await servicesEnv()), ...env })
}

/** The same for whoever needs to know all settings, or has another build of it at `path`. */
export function startWith(env: Record<string, string>, path?: string): Promise<Binary> {
  return startBinary({ prefix: logToFile, env: { ...noLimits, ...env }, path })
}

/** The settings for that, with a database of its own. */
export async function servicesEnv(): Promise<Record<string, string>> {
  const { redisUrl } = await services()
  const { url } = await createEmptyDatabase()
  return {
    ...unitEnv(),
    ENVIRONMENT: 'production',
    // A few people ask more here than hundreds do elsewhere.
    DEFAULT_PLAN: 'unlimited',
    ANONYMOUS_TOKENS_PER_DAY: '0',
    DATABASE_URL: url,
    REDIS_URL: redisUrl,
    SECRET_KEY: 'only for the length of a bench',
    FRONTEND_BASE_URL: 'https://chat.example.com',
  }
}

/** What the service manager gives to the executable, but for where its data are. */
function unitEnv(): Record<string, string> {
  const unit = readFileSync(join(import.meta.dir, '../../ops/systemd/cloudchat.service'), 'utf8')
  const lines = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)]
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [name, value]).filter(([name]) => name !== 'DATA_DIR'),
  )
}

/** The settings that make a model of the scripted upstream answer. */
export function modelEnv(upstreamPort: number, model: string): Record<string, string> {
  return {
    DEEPSEEK_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    DEEPSEEK_API_KEY: 'none',
    DEEPSEEK_MODEL: model,
  }
}

const logToFile = [...manyConnections, '/bin/sh', '-c', 'exec "$0" "$@" >access.log']
