import { canonicalAddress } from '../lib/addresses.ts'

/** The host of `example.com:80`, `EXAMPLE.com.` or `[::1]:5000` in one spelling, without port. Null: malformed. */
export function hostName(host: string): string | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d*)?$/.exec(host.trim())
  if (match?.[1] !== undefined) return canonicalAddress(match[1])
  const name = match?.[2]?.toLowerCase().replace(/\.$/, '')
  return name && /^[\w.-]+$/.test(name) ? name : null
}

/** The host that a request is for: of its Host header, or of its URL when it was made in this process. */
export function requestedHost({ headers, url }: Request): string | null {
  const host = headers.get('host') ?? (URL.canParse(url) ? new URL(url).host : '')
  return hostName(host)
}
