import type { Config } from '../config.ts'
import { findAppError } from '../errors.ts'
import { describeError } from '../lib/describe-error.ts'

/** Why it could not start, for a person: one line, no stack, no secret. */
export function explainFailure(error: unknown, config: Config): string {
  if (config.database !== null && findAppError(error)?.code === 'dependency_down') {
    return `the database cannot be reached (${reasonOf(error)}): check DATABASE_URL and that PostgreSQL is running`
  }
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `${config.host}:${config.port} is in use: stop what listens there or set PORT`
    case 'EADDRNOTAVAIL':
      return `${config.host} is not an address of this machine: set HOST`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `permission denied (${reasonOf(error)}): DATA_DIR (${config.dataDir}) must be writable, PORT at least 1024`
    case 'ENOSPC':
      return `the disk of DATA_DIR (${config.dataDir}) is full`
    default:
      return reasonOf(error)
  }
}

/** The innermost cause knows best. */
function reasonOf(error: unknown): string {
  let reason = describeError(error)
  while (reason.cause !== undefined) reason = reason.cause
  const { code = '', message } = reason
  // The system's codes (ECONNREFUSED, 28P01) help; our own say it once more.
  return /^[A-Z0-9_]+$/.test(code) && !message.includes(code) ? `${code}: ${message}` : message
}

function codeOf(error: unknown): string | undefined {
  for (let cause = describeError(error); ; ) {
    if (cause.code?.startsWith('E')) return cause.code
    if (cause.cause === undefined) return undefined
    cause = cause.cause
  }
}
