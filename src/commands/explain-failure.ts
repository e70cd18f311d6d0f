import type { Config } from '../config.ts'
import { findAppError } from '../errors.ts'
import { describeError } from '../lib/describe-error.ts'
import { innermostReason } from './innermost-reason.ts'

/** Why it could not start, for a person: one line, no stack, no secret. */
export function explainFailure(error: unknown, config: Config): string {
  if (config.database !== null && findAppError(error)?.code === 'dependency_down') {
    return `the database cannot be reached (${innermostReason(error)}): check DATABASE_URL and that PostgreSQL is running`
  }
  const code = codeOf(error)
  // What the runtime says of a host name that nobody knows.
  if (code === 'ENOENT' && innermostReason(error).endsWith('listen')) {
    return `${config.host} is not an address of this machine: set HOST`
  }
  switch (code) {
    case 'EADDRINUSE':
      return `${config.host}:${config.port} is in use: stop what listens there or set PORT`
    case 'EADDRNOTAVAIL':
      return `${config.host} is not an address of this machine: set HOST`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `permission denied (${innermostReason(error)}): DATA_DIR (${config.dataDir}) must be writable, PORT at least 1024`
    case 'ENOSPC':
      return `the disk of DATA_DIR (${config.dataDir}) is full`
    default:
      return innermostReason(error)
  }
}

function codeOf(error: unknown): string | undefined {
  for (let cause = describeError(error); ; ) {
    if (cause.code?.startsWith('E')) return cause.code
    if (cause.cause === undefined) return undefined
    cause = cause.cause
  }
}
