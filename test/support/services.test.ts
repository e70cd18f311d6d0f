import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { startPgbouncer } from './pgbouncer.ts'
import { isListening } from './ports.ts'
import { postgresUrl, startPostgres } from './postgres.ts'
import { redisPassword, startRedis } from './redis.ts'
import { hasPrograms } from './services.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasPrograms('postgres', 'pgbouncer', 'redis-server'))('the services of the tests', () => {
  test('PgBouncer hands out connections for one transaction', async () => {
    const server = await startPostgres()
    const pgbouncer = await startPgbouncer(server.port)
    const [one, two] = [0, 1].map(() => postgres(pgbouncer.urlOf('postgres'), { max: 1, prepare: false }))
    const backendOf = async (sql: postgres.Sql | postgres.TransactionSql) =>
      (await sql`select pg_backend_pid() as pid`)[0]?.pid
    if (!one || !two) throw new Error('unreachable')
    expect(await backendOf(one)).toBe(await backendOf(two))
    await one.begin(async (held) => {
      expect(await backendOf(held)).not.toBe(await backendOf(two))
    })
    await Promise.all([one.end(), two.end()])
    await pgbouncer.stop()
    await server.stop()
  })

  test('PostgreSQL comes back on its port with its data, after a stop and after a crash', async () => {
    const server = await startPostgres()
    const read = async <T>(query: (sql: postgres.Sql) => Promise<T>) => {
      const sql = postgres(postgresUrl(server.port, 'postgres'), { max: 1 })
      return query(sql).finally(() => sql.end())
    }
    await read((sql) => sql`create table kept as select 42 as answer`)
    for (const end of [server.stop, server.kill]) {
      await end()
      expect(await isListening(server.port)).toBe(false)
      await server.start()
      expect(await read((sql) => sql`select answer from kept`)).toMatchObject([{ answer: 42 }])
    }
    await server.stop()
  })

  test('Redis wants its password and forgets when it ends', async () => {
    const server = await startRedis()
    const send = async (url: string, ...words: [string, ...string[]]) => {
      const client = new Bun.RedisClient(url, { autoReconnect: false })
      return client.send(words[0], words.slice(1)).finally(() => client.close())
    }
    expect(send(server.url.replace(redisPassword, 'wrong'), 'PING')).rejects.toThrow()
    expect(await send(server.url, 'SET', 'a', 'b')).toBe('OK')
    await server.stop()
    await server.start()
    expect(await send(server.url, 'GET', 'a')).toBeNull()
    await server.stop()
  })
})
