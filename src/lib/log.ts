import pino from 'pino'
import { createLogOutput } from './log-output.ts'

export type Log = pino.Logger

/** What may hold a secret wherever it turns up in a logged object. */
const secretFields = [
  'password',
  'token',
  'secret',
  'apiKey',
  'api_key',
  'authorization',
  'cookie',
  'new_password',
  'access_token',
  'refresh_token',
  'debug_token',
]

/**
 * JSON lines, one a record, to stdout or to `write` (tests). Secret-looking fields are replaced.
 * No pino transport: it starts a worker by file name, which a compiled executable does not have.
 */
export function createLog(level: string, write?: (line: string) => void): Log {
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  const destination = write ? { write } : createLogOutput(1)
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[redacted]' },
    },
    destination,
  )
}
