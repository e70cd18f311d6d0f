import { AppError, causesOf } from '../errors.ts'

/** An error that says "the database is away" becomes `dependency_down`; any other is returned as it is. */
export function asDependencyDown(error: unknown): unknown {
  return isTrouble(error)
    ? new AppError('dependency_down', 'The database is not available', { cause: error })
    : error
}

/**
 * True when the connection itself has ended, so that not even a ROLLBACK can go over it. Looks through the
 * wrappings of drizzle and of our own errors.
 */
export function isConnectionLost(error: unknown): boolean {
  for (const current of causesOf(error)) {
    const { code, severity } = current as PostgresFault
    if (severity === 'FATAL' || severity === 'PANIC') return true
    if (code !== undefined && networkCodes.has(code)) return true
  }
  return false
}

/**
 * True for what goes well when it is tried again, the database being there: a deadlock, a conflict with another
 * transaction, a lock that did not come.
 */
export function isPassing(error: unknown): boolean {
  const passing = new Set(['40001', '40P01', '55P03'])
  return causesOf(error).some((current) => passing.has((current as PostgresFault).code ?? ''))
}

interface PostgresFault {
  code?: string
  severity?: string
}

function isTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as PostgresFault
  return networkCodes.has(code) || /CERT|TLS|SSL|SASL/.test(code) || sqlStates.test(code)
}

const networkCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ConnectionRefused',
  'ConnectionClosed',
  'FailedToOpenSocket',
])

/**
 * Connection failed (08, and what PgBouncer says of itself), not let in (28, 3D000), resources gone (53),
 * shutting down or starting (57P), cancelled by the server's own time limit (57014), a standby (25006).
 */
const sqlStates = /^(08...|28...|3D000|53...|57P..|57014|25006)$/
