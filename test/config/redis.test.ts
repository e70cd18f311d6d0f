import { describe, expect, test } from 'bun:test'
import { faultsOf, load } from './load.ts'

const local = {
  host: '127.0.0.1',
  port: 6379,
  username: null,
  password: null,
  db: 0,
  tls: false,
  connectTimeoutSeconds: 5,
}

const understood: [Record<string, string>, Partial<typeof local> | Record<string, unknown>][] = [
  [{ REDIS_PASSWORD: 'pw' }, { password: 'pw' }],
  [{ REDIS_HOST: 'cache' }, { host: 'cache' }],
  [{ REDIS_PORT: '6380' }, { port: 6380 }],
  [{ REDIS_DB: '0' }, {}],
  [{ REDIS_TIMEOUT: '30' }, { connectTimeoutSeconds: 30 }],
  [{ REDIS_TLS: '1' }, { tls: true }],
  [{ REDIS_URL: 'redis://cache' }, { host: 'cache' }],
  [
    { REDIS_URL: 'redis://us%40er:p%23w@cache:6380/3' },
    { host: 'cache', port: 6380, username: 'us@er', password: 'p#w', db: 3 },
  ],
  [{ REDIS_URL: 'rediss://:pw@cache:6380' }, { host: 'cache', port: 6380, password: 'pw', tls: true }],
  [{ REDIS_URL: 'redis://[::1]:6380/1' }, { host: '::1', port: 6380, db: 1 }],
  [{ REDIS_URL: 'redis://cache?db=2' }, { host: 'cache', db: 2 }],
  [
    { REDIS_URL: 'redis://cache', REDIS_TLS: 'on' },
    { host: 'cache', tls: true },
  ],
  [
    { REDIS_URL: 'redis://cache:6379/0', REDIS_PASSWORD: 'pw', REDIS_USERNAME: 'u' },
    { host: 'cache', password: 'pw', username: 'u' },
  ],
  [
    { REDIS_URL: 'redis://:pw@cache/1', REDIS_PASSWORD: 'pw', REDIS_DB: '1' },
    { host: 'cache', password: 'pw', db: 1 },
  ],
]

describe('Redis', () => {
  test.each(understood)('%j', (env, part) => {
    const { redis, warnings } = load(env)
    expect(redis).toEqual({ ...local, ...part })
    expect(warnings).toEqual([])
  })

  test('any variable that begins with REDIS_ means it; one that is not known is named', () => {
    expect(load({ REDIS_MAX_CONNECTIONS: '50' })).toMatchObject({
      redis: local,
      warnings: ['REDIS_MAX_CONNECTIONS has no meaning here: a few connections are enough for all requests'],
    })
    expect(load({ REDIS_SENTINELS: 'a' })).toMatchObject({
      redis: local,
      warnings: ['REDIS_SENTINELS is not known; see `cloudchat help config`'],
    })
    expect(load({ REDIS_HOST: '', REDIS_PASSWORD: ' ' }).redis).toBeNull()
  })

  const address =
    'REDIS_URL: expected redis://user:password@host:6379/0 or rediss://… for TLS, special characters percent-encoded (# as %23)'
  const refused: [Record<string, string>, string][] = [
    [{ REDIS_URL: 'cache:6379' }, address],
    [{ REDIS_URL: 'unix:///run/redis.sock' }, address],
    [{ REDIS_URL: 'redis://:p#w@cache' }, address],
    [{ REDIS_URL: 'redis://:p%ZZ@cache' }, address],
    [{ REDIS_URL: 'redis://cache/one' }, 'REDIS_URL: expected a number after the host: redis://host:6379/0'],
    [
      { REDIS_URL: 'redis://:a@cache', REDIS_PASSWORD: 'b' },
      'REDIS_PASSWORD: contradicts REDIS_URL; keep one',
    ],
    [{ REDIS_URL: 'redis://a', REDIS_HOST: 'b' }, 'REDIS_HOST: contradicts REDIS_URL; keep one'],
    [{ REDIS_URL: 'redis://a:1', REDIS_PORT: '2' }, 'REDIS_PORT: contradicts REDIS_URL; keep one'],
    [{ REDIS_URL: 'redis://a/1', REDIS_DB: '2' }, 'REDIS_DB: contradicts REDIS_URL; keep one'],
    [{ REDIS_URL: 'redis://u@a', REDIS_USER: 'v' }, 'REDIS_USER: contradicts REDIS_URL; keep one'],
    [{ REDIS_URL: 'rediss://a', REDIS_TLS: '0' }, 'REDIS_TLS: contradicts rediss:// in REDIS_URL'],
  ]

  test.each(refused)('%j is refused', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault])
  })
})
