import { describe, expect, test } from 'bun:test'
import { faultsOf, load } from './load.ts'

const understood: [string, string, string][] = [
  ['postgres://u:p@db.example:6432/chat', 'postgres://u:p@db.example:6432/chat', 'prefer'],
  ['postgresql://u:p@db.example/chat', 'postgres://u:p@db.example/chat', 'prefer'],
  ['postgresql+psycopg2://u:p@127.0.0.1:6432/chat', 'postgres://u:p@127.0.0.1:6432/chat', 'disable'],
  ['postgresql+asyncpg://u:p@db.example/chat?ssl=require', 'postgres://u:p@db.example/chat', 'require'],
  ['POSTGRESQL+PSYCOPG://u@localhost/chat', 'postgres://u@localhost/chat', 'disable'],
  ['postgres://u:p@[::1]:5432/chat', 'postgres://u:p@[::1]:5432/chat', 'disable'],
  ['postgres:///chat', 'postgres://localhost/chat', 'disable'],
  ['postgres://u:a%23b%2Fc%40@h/chat', 'postgres://u:a%23b%2Fc%40@h/chat', 'prefer'],
  ['postgres://h/chat?sslmode=disable', 'postgres://h/chat', 'disable'],
  ['postgres://h/chat?sslmode=allow', 'postgres://h/chat', 'prefer'],
  ['postgres://127.0.0.1/chat?sslmode=require', 'postgres://127.0.0.1/chat', 'require'],
  ['postgres://h/chat?sslmode=verify-ca', 'postgres://h/chat', 'verify-ca'],
  ['postgres://h/chat?sslmode=verify-full', 'postgres://h/chat', 'verify-full'],
  [
    'postgres://h/chat?sslrootcert=/etc/passwd',
    'postgres://h/chat?sslrootcert=%2Fetc%2Fpasswd',
    'verify-full',
  ],
  [
    'postgres://h/chat?sslmode=verify-ca&sslrootcert=/etc/passwd',
    'postgres://h/chat?sslrootcert=%2Fetc%2Fpasswd',
    'verify-ca',
  ],
  [
    'postgresql:///?host=DB.example&port=6432&user=u&password=p%23&dbname=chat',
    'postgres://u:p%23@DB.example:6432/chat',
    'prefer',
  ],
  [
    'postgresql://u:p@/chat?host=/var/run/postgresql',
    'postgres://u:p@localhost/chat?host=%2Fvar%2Frun%2Fpostgresql',
    'disable',
  ],
  [
    'postgresql://%2Fvar%2Frun%2Fpostgresql/chat',
    'postgres://localhost/chat?host=%2Fvar%2Frun%2Fpostgresql',
    'disable',
  ],
  [
    'postgres://h/chat?application_name=x&connect_timeout=10&channel_binding=require',
    'postgres://h/chat',
    'prefer',
  ],
]

describe('DATABASE_URL', () => {
  test.each(understood)('%s', (text, url, ssl) => {
    const { database, warnings } = load({ DATABASE_URL: text })
    expect(database).toMatchObject({ url, ssl })
    expect(warnings).toEqual([])
  })

  const wayOut =
    'expected PostgreSQL (postgresql://user:password@host/name), or nothing at all for the embedded database; SQLite and MySQL are not supported'
  const escaping =
    'expected an address whose user and password have their special characters percent-encoded (# as %23)'
  const refused: [string, string][] = [
    ['sqlite:///./chat.db', wayOut],
    ['sqlite+aiosqlite:///./chat.db', wayOut],
    ['mysql://u:p@h/chat', wayOut],
    ['mysql+pymysql://u:p@h/chat', wayOut],
    ['mariadb://u:p@h/chat', wayOut],
    ['h:5432/chat', 'expected postgresql://user:password@host/name'],
    ['postgres:chat', 'expected postgresql://user:password@host/name'],
    ['http://h/chat', 'expected postgresql://user:password@host/name'],
    ['postgres://u:a#b@h/chat', escaping],
    ['postgres://u:a%ZZ@h/chat', escaping],
    ['postgres://h:port/chat', escaping],
    ['postgres://h', 'expected the name of a database: postgresql://host/name'],
    ['postgres://h/', 'expected the name of a database: postgresql://host/name'],
    [
      'postgres://h/chat?sslmode=on',
      'expected sslmode to be one of disable, allow, prefer, require, verify-ca, verify-full',
    ],
    ['postgres://h/chat?options=-c%20search_path%3Dx', 'expected an address without the parameter options'],
    ['postgres://h1,h2/chat', 'expected one host'],
    ['postgres:///chat?port=x', 'expected a host and a port'],
    ['postgres:///chat?host=a b', 'expected a host and a port'],
    [
      'postgres://h/chat?sslmode=constructor',
      'expected sslmode to be one of disable, allow, prefer, require, verify-ca, verify-full',
    ],
    ['postgres://h/chat?sslrootcert=/nowhere/ca.pem', 'expected sslrootcert to name a file that can be read'],
  ]

  test.each(refused)('%s is refused', (text, fault) => {
    expect(faultsOf({ DATABASE_URL: text })).toEqual([`DATABASE_URL: ${fault}`])
  })

  test('parameters without meaning are named, their values are not', () => {
    expect(load({ DATABASE_URL: 'postgres://h/chat?foo=secret&bar=1' }).warnings).toEqual([
      'DATABASE_URL: no meaning here: foo, bar',
    ])
  })

  test('comes with a pool and a time limit', () => {
    expect(load({ DATABASE_URL: 'postgres://h/d' }).database).toMatchObject({
      poolSize: 10,
      statementTimeoutSeconds: 5,
    })
    const env = { DATABASE_URL: 'postgres://h/d', DATABASE_POOL_SIZE: '4', DATABASE_TIMEOUT_SECONDS: '30' }
    expect(load(env).database).toMatchObject({ poolSize: 4, statementTimeoutSeconds: 30 })
  })
})
