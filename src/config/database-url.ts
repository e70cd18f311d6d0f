import { accessSync, constants } from 'node:fs'
import type { DatabaseConfig } from '../config.ts'
import { bad, good, type Kind, type Parsed } from './kinds.ts'

export type DatabaseAddress = Pick<DatabaseConfig, 'url' | 'ssl'> & {
  /** Parameters without meaning here. */
  ignored: string[]
  password: string
}

type Ssl = DatabaseConfig['ssl']

const sslModes = new Map<string, Ssl>([
  ['disable', 'disable'],
  ['allow', 'prefer'],
  ['prefer', 'prefer'],
  ['require', 'require'],
  ['verify-ca', 'verify-ca'],
  ['verify-full', 'verify-full'],
  // How asyncpg and others write it.
  ['true', 'require'],
  ['false', 'disable'],
])

/** To ignore these would change where we connect to, or what the server does. */
const unsupported = ['options', 'target_session_attrs', 'sslcert', 'sslkey', 'service', 'search_path']

/** What libpq and Python's drivers tune, and ours does by itself. */
const harmless = [
  'application_name',
  'channel_binding',
  'client_encoding',
  'connect_timeout',
  'gssencmode',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'pgbouncer',
  'prepared_statement_cache_size',
]

/**
 * A URL of libpq or of SQLAlchemy (`postgresql+psycopg2://`). What comes out is understood by our driver:
 * `postgres://user:password@host:port/name`, with a socket's folder as `host` and a certificate as `sslrootcert`.
 */
export const databaseUrl: Kind<DatabaseAddress> = {
  label: 'URL',
  parse(value) {
    const scheme = /^([a-z][a-z0-9]*)(\+[a-z0-9_]+)?:/i.exec(value)?.[1]?.toLowerCase()
    if (scheme === 'sqlite' || scheme === 'mysql' || scheme === 'mariadb') return bad(wayOut)
    if (scheme !== 'postgres' && scheme !== 'postgresql') return bad('postgresql://user:password@host/name')
    const rest = value.slice(value.indexOf(':') + 1)
    return rest.startsWith('//') ? addressOf(`postgres:${rest}`) : bad('postgresql://user:password@host/name')
  },
}

const wayOut =
  'PostgreSQL (postgresql://user:password@host/name), or nothing at all for the embedded database; SQLite and MySQL are not supported'

const escaping = 'an address whose user and password have their special characters percent-encoded (# as %23)'

function addressOf(value: string): Parsed<DatabaseAddress> {
  // libpq takes an address without a host, with the host among the parameters; the URL standard does not.
  const url = URL.parse(value.replace(/^(postgres:\/\/(?:[^/?#]*@)?)(?=[/?:]|$)/, '$1localhost'))
  if (url === null || url.hash !== '') return bad(escaping)
  const parameters = new Map(url.searchParams)
  const wrong = moveIntoAddress(url, parameters)
  if (wrong !== null) return bad(wrong)
  const name = decoded(url.pathname.slice(1))
  if (name === null || decoded(url.password) === null || decoded(url.username) === null) return bad(escaping)
  if (name === '' || name.includes('/')) return bad('the name of a database: postgresql://host/name')
  return withParameters(url, parameters)
}

/** libpq takes the parts of the address as parameters too, and a socket's folder as a host with %2F. */
function moveIntoAddress(url: URL, parameters: Map<string, string>): string | null {
  if (/%2f/i.test(url.hostname)) {
    parameters.set('host', decodeURIComponent(url.hostname))
    url.hostname = 'localhost'
  }
  const host = parameters.get('host') ?? parameters.get('hostaddr') ?? ''
  if (`${host}${url.hostname}`.includes(',')) return 'one host'
  if (host && !host.startsWith('/')) url.hostname = host.includes(':') ? `[${host}]` : host
  const name = parameters.get('dbname')
  if (name) url.pathname = `/${encodeURIComponent(name)}`
  const port = parameters.get('port') ?? url.port
  url.port = port
  // The setters ignore what they cannot use.
  if (url.port !== port || (host && !host.startsWith('/') && !isHost(url, host))) return 'a host and a port'
  url.username = parameters.get('user') ?? url.username
  url.password = parameters.get('password') ?? url.password
  if (!host.startsWith('/')) parameters.delete('host')
  for (const moved of ['hostaddr', 'port', 'user', 'password', 'dbname']) parameters.delete(moved)
  return null
}

function withParameters(url: URL, parameters: Map<string, string>): Parsed<DatabaseAddress> {
  const refused = [...parameters.keys()].find((name) => unsupported.includes(name))
  if (refused) return bad(`an address without the parameter ${refused}`)
  const [socket, certificate] = [parameters.get('host'), parameters.get('sslrootcert')]
  const ssl = sslOf(parameters.get('sslmode') ?? parameters.get('ssl'), url, socket, certificate)
  if (certificate && certificate !== 'system' && !isReadable(certificate)) {
    return bad('sslrootcert to name a file that can be read')
  }
  if (!ssl) return bad(`sslmode to be one of ${[...sslModes.keys()].slice(0, 6).join(', ')}`)
  url.search = ''
  if (socket) url.searchParams.set('host', socket)
  if (certificate) url.searchParams.set('sslrootcert', certificate)
  const understood = ['host', 'sslmode', 'ssl', 'sslrootcert', ...harmless]
  return good({
    url: url.href,
    ssl,
    ignored: [...parameters.keys()].filter((name) => !understood.includes(name)),
    password: decoded(url.password) ?? '',
  })
}

/** Without a word about it: verified when somebody gave the authority, none within this machine. */
function sslOf(mode: string | undefined, url: URL, socket?: string, certificate?: string): Ssl | undefined {
  if (mode !== undefined) return sslModes.get(mode.toLowerCase())
  if (certificate) return 'verify-full'
  return socket || isLoopback(url.hostname) ? 'disable' : 'prefer'
}

function isHost({ hostname }: URL, host: string): boolean {
  return hostname.toLowerCase() === host.toLowerCase() || host.includes(':')
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
