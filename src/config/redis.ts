import type { RedisConfig } from '../config.ts'
import type { Environment, Reading } from './read-settings.ts'
import type { RedisAddress } from './redis-url.ts'
import type { Report } from './report.ts'
import type { stores } from './settings/stores.ts'

type Part = Exclude<keyof RedisAddress, 'tls'>

const variables = {
  host: 'REDIS_HOST',
  port: 'REDIS_PORT',
  db: 'REDIS_DB',
  username: 'REDIS_USERNAME',
  password: 'REDIS_PASSWORD',
} as const

/** Any variable that begins with REDIS_ means Redis. REDIS_URL and the single ones complete each other. */
export function readRedis(
  reading: Reading<typeof stores>,
  env: Environment,
  report: Report,
): RedisConfig | null {
  if (!Object.keys(env).some((name) => name.startsWith('REDIS_') && env[name]?.trim())) return null
  const { values } = reading
  const url = values.REDIS_URL
  for (const part of Object.keys(variables) as Part[]) {
    const variable = variables[part]
    if (url && url[part] !== null && values[variable] !== null && url[part] !== values[variable]) {
      report.refuse(variable, 'contradicts REDIS_URL; keep one', reading.variableOf(variable))
    }
  }
  if (url?.tls && values.REDIS_TLS === false) report.refuse('REDIS_TLS', 'contradicts rediss:// in REDIS_URL')
  return {
    host: url?.host ?? values.REDIS_HOST ?? '127.0.0.1',
    port: url?.port ?? values.REDIS_PORT ?? 6379,
    username: url?.username ?? values.REDIS_USERNAME,
    password: url?.password ?? values.REDIS_PASSWORD,
    db: url?.db ?? values.REDIS_DB ?? 0,
    tls: values.REDIS_TLS ?? url?.tls ?? false,
    connectTimeoutSeconds: values.REDIS_TIMEOUT,
  }
}
