import type { RedisConfig } from '../config.ts'
import { bad, good, type Kind } from './kinds.ts'

/** What a REDIS_URL says; what it does not say is null. */
export type RedisAddress = {
  [Part in 'host' | 'port' | 'username' | 'password' | 'db']: RedisConfig[Part] | null
} & {
  tls: boolean
}

/** `redis://[user[:password]@]host[:port][/db]`; `rediss://` is TLS. */
export const redisUrl: Kind<RedisAddress> = {
  label: 'URL',
  parse(value) {
    const url = /^rediss?:\/\//i.test(value) ? URL.parse(value) : null
    if (url === null || url.hash !== '' || /[/@]/.test(url.hostname)) return bad(expected)
    const db = url.pathname.replace(/^\//, '') || (url.searchParams.get('db') ?? '')
    if (!/^\d{0,5}$/.test(db)) return bad('a number after the host: redis://host:6379/0')
    try {
      return good({
        tls: url.protocol === 'rediss:',
        host: url.hostname.replace(/^\[(.+)\]$/, '$1') || null,
        port: url.port === '' ? null : Number(url.port),
        username: decodeURIComponent(url.username) || null,
        password: decodeURIComponent(url.password) || null,
        db: db === '' ? null : Number(db),
      })
    } catch {
      return bad(expected)
    }
  },
}

const expected =
  'redis://user:password@host:6379/0 or rediss://… for TLS, special characters percent-encoded (# as %23)'
