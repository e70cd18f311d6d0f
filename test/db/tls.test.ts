import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chownSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import type { DatabaseConfig } from '../../src/config.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { createCertificate } from '../mail/certificate.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { hasServices } from '../support/services.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { settings } from './databases.ts'

const folder = tempFolder('tls')
const certificateFile = join(folder, 'server.crt')

describe.skipIf(!hasServices())('TLS to PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  test('without TLS on the server: preferring goes on in the clear, requiring does not', async () => {
    expect(await connect('disable')).toBe('clear')
    expect(await connect('prefer')).toBe('clear')
    for (const mode of ['require', 'verify-ca', 'verify-full'] as const) {
      expect(await connect(mode)).toBe('dependency_down')
    }
  })

  describe('with a certificate that we were told of', () => {
    beforeAll(() => turnOnTls(server))

    test('each mode connects, encrypted unless that is turned off', async () => {
      expect(await connect('disable')).toBe('clear')
      expect(await connect('prefer')).toBe('encrypted')
      expect(await connect('require')).toBe('encrypted')
      expect(await connect('verify-ca', { sslrootcert: certificateFile })).toBe('encrypted')
      expect(await connect('verify-full', { sslrootcert: certificateFile })).toBe('encrypted')
    })

    test('one that nobody we trust has signed is refused when it is to be verified', async () => {
      expect(await connect('verify-ca')).toBe('dependency_down')
      expect(await connect('verify-full')).toBe('dependency_down')
    })

    test('one for another name is refused by verify-full only', async () => {
      const trusted = { sslrootcert: certificateFile }
      // The same address, by a name that is not in the certificate.
      const otherName = '[::ffff:127.0.0.1]'
      expect(await connect('verify-ca', trusted, otherName)).toBe('encrypted')
      expect(await connect('verify-full', trusted, otherName)).toBe('dependency_down')
    })
  })

  async function connect(
    ssl: DatabaseConfig['ssl'],
    parameters: Record<string, string> = {},
    hostname = '127.0.0.1',
  ) {
    const url = Object.assign(new URL(server.url), { hostname })
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    const { db, close } = openPostgres({ ...settings(url.href, 5, 1), ssl }, createLog('silent'))
    try {
      const answer = await db.execute(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)
      return rowsOf<{ ssl: boolean }>(answer)[0]?.ssl ? 'encrypted' : 'clear'
    } catch (error) {
      return findAppError(error)?.code ?? String(error)
    } finally {
      await close()
    }
  }
})

async function turnOnTls(server: PostgresServer): Promise<void> {
  const admin = postgres(server.url, { max: 1, onnotice: () => {} })
  const [place] = await admin<{ folder: string }[]>`select current_setting('data_directory') as folder`
  const keyFile = join(folder, 'server.key')
  const { key, cert } = createCertificate()
  writeFileSync(certificateFile, cert)
  writeFileSync(keyFile, key, { mode: 0o600 })
  // PostgreSQL reads a key only if it is its own.
  const owner = statSync(place?.folder ?? '')
  chownSync(keyFile, owner.uid, owner.gid)
  await admin.unsafe(`alter system set ssl_cert_file = '${certificateFile}'`)
  await admin.unsafe(`alter system set ssl_key_file = '${keyFile}'`)
  await admin.unsafe('alter system set ssl = on')
  await admin`select pg_reload_conf()`
  await admin.end()
  while (!(await isEncrypting(server))) await Bun.sleep(20)
}

async function isEncrypting(server: PostgresServer): Promise<boolean> {
  const probe = postgres(server.url, { max: 1, ssl: 'require', connect_timeout: 2 })
  try {
    await probe`select 1`
    return true
  } catch {
    return false
  } finally {
    await probe.end()
  }
}
