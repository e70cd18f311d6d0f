import { isSameSecret } from '../../lib/tokens.ts'

interface Reader {
  isFromThisMachine: boolean
  /** The host name that was asked for; null: malformed. */
  host: string | null
  /** null: none was sent. */
  bearer: string | null
}

const localNames = ['localhost', '127.0.0.1', '::1']

/**
 * How busy the service is concerns nobody else: whoever has the token, or a program on this machine that asks for this
 * machine by name (a page of another site in a browser here cannot).
 */
export function mayReadMetrics(token: string | null, { isFromThisMachine, host, bearer }: Reader): boolean {
  if (bearer !== null) return token !== null && isSameSecret(bearer, token)
  return isFromThisMachine && host !== null && localNames.includes(host)
}
