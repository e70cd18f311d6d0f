import { Elysia } from 'elysia'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { canonicalAddress } from '../lib/addresses.ts'
import { requestedHost } from './host-name.ts'

/** Refuses requests for any other host name, which a forged or misdirected one is. An empty list takes all. */
export function trustedHosts(config: Pick<Config, 'trustedHosts'>) {
  const trusted = new Set(config.trustedHosts.map(spelling))
  // Most requests name the same host in the same words as the one before.
  let lastTrusted: string | null = null
  return new Elysia({ name: 'trusted-hosts' }).onRequest(({ request }) => {
    if (trusted.size === 0) return
    const header = request.headers.get('host')
    if (header !== null && header === lastTrusted) return
    const host = requestedHost(request)
    if (host === null || !trusted.has(host)) throw new AppError('invalid_request', 'Unknown host')
    lastTrusted = header
  })
}

/** `::1` needs no brackets in the settings, and may have them. */
function spelling(name: string): string {
  const bare = name
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  return canonicalAddress(bare) ?? bare
}
