import { describeError } from '../lib/describe-error.ts'
import type { Log } from '../lib/log.ts'

/**
 * What nobody caught is a fault of ours, but one request's fault must not end the conversations of everybody else:
 * it is logged and the process lives. What must be undone is undone in `finally` where it was begun.
 */
export function catchTheUncaught(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error({ error: describeError(error) }, 'uncaught exception')
  })
  process.on('unhandledRejection', (reason) => {
    log.error({ error: describeError(reason) }, 'unhandled rejection')
  })
}
