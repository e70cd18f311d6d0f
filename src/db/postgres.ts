import { readFileSync } from 'node:fs'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import postgres, { type Options, type PostgresType, type Sql } from 'postgres'
import type { DatabaseConfig } from '../config.ts'
import type { Log } from '../lib/log.ts'
import type { OpenDb } from './db.ts'
import { createPostgresClient } from './postgres-client.ts'
import { postgresTypes } from './postgres-types.ts'
import { toDb } from './sql-client.ts'

/**
 * A PostgreSQL server, directly or behind PgBouncer in transaction mode. Connects at the first statement, so a
 * server that is away now is no reason not to start.
 */
export function openPostgres(config: DatabaseConfig, log: Log): OpenDb {
  let pool = createPool(config)

  // The last resort, for connections that neither answer nor can be cancelled (a firewall that dropped them).
  function replacePool(stuck: Sql): void {
    if (stuck !== pool) return
    log.warn('Database connections do not answer: opening new ones')
    pool = createPool(config)
    stuck.end({ timeout: 0 }).catch(() => {})
  }

  const client = createPostgresClient(() => pool, config.statementTimeoutSeconds, replacePool)
  return {
    db: toDb(client),
    kind: 'postgres',
    close: () => pool.end({ timeout: 5 }),
  }
}

function createPool(config: DatabaseConfig): Sql {
  const url = new URL(config.url)
  // libpq's way to name a Unix socket: postgres:///name?host=/var/run/postgresql
  const host = url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost')
  const options: Options<Record<string, PostgresType>> = {
    host,
    port: Number(url.searchParams.get('port') ?? (url.port || 5432)),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    username: decodeURIComponent(url.username) || 'postgres',
    password: decodeURIComponent(url.password),
    ssl: tlsOf(config.ssl, host, url.searchParams.get('sslrootcert')),
    max: config.poolSize,
    // Between two transactions PgBouncer may change the server connection: nothing may be left on it.
    prepare: false,
    connect_timeout: Math.min(10, config.statementTimeoutSeconds),
    // The default grows to 20 s, and so long would everything stay broken after the server is back.
    backoff: () => 0.25,
    onnotice: () => {},
    connection: { application_name: 'cloudchat' },
    types: postgresTypes,
    fetch_types: false,
  }
  return postgres(options) as unknown as Sql // its type would name each converter
}

function tlsOf(
  mode: DatabaseConfig['ssl'],
  host: string,
  rootCertificate: string | null,
): Options<never>['ssl'] {
  const ca =
    rootCertificate && rootCertificate !== 'system' ? readFileSync(rootCertificate, 'utf8') : undefined
  switch (mode) {
    case 'disable':
      return false
    case 'prefer':
    case 'require':
      return mode
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined, ca }
    case 'verify-full':
      // Said in so many words: for an address postgres.js names no host, and then any name would do.
      return {
        rejectUnauthorized: true,
        ca,
        checkServerIdentity: (_: string, certificate: PeerCertificate) =>
          checkServerIdentity(host, certificate),
      }
  }
}
