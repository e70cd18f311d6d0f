import { addressMatcher } from './addresses.ts'

/**
 * Where a provider's `/chat/completions` begins. An address alone gets the `/v1` that all such servers use:
 * `http://localhost:11434` means Ollama's `http://localhost:11434/v1`.
 */
export function readProviderUrl(value: string): { url: string } | { expected: string } {
  const url = httpUrl(value)
  if (url === null || hasMore(url)) return { expected: 'an address such as http://localhost:11434/v1' }
  const base = withoutSlash(url)
  if (base.endsWith('/completions')) return { expected: 'the address without /chat/completions' }
  return { url: url.pathname === '/' ? `${base}/v1` : base }
}

export function httpUrl(value: string): URL | null {
  const url = /^https?:\/\/[^/]/i.test(value) && !/\s/.test(value) ? URL.parse(value) : null
  return url !== null && url.hostname !== '' ? url : null
}

/** User, password, query or fragment: nothing that belongs into such an address. */
export function hasMore({ username, password, search, hash, href }: URL): boolean {
  return `${username}${password}${search}${hash}` !== '' || /[?#]$/.test(href)
}

export function withoutSlash({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

/** This machine, a private network, or a name without a dot (a container's): where a key may go without encryption. */
export function isNear(hostname: string): boolean {
  return (
    !/[.:]/.test(hostname) ||
    /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname) ||
    /^\[(::1|f[cd])/.test(hostname) ||
    /\.(local|internal|lan|localhost)$/.test(hostname)
  )
}

/** Where clouds tell a machine its own secrets: no model is ever served there. */
export function isMetadataService(hostname: string): boolean {
  const bare = hostname.replace(/[[\]]/g, '')
  return isLinkLocal(bare) || /^(metadata|instance-data)(\.|$)/.test(bare)
}

const isLinkLocal = addressMatcher(['169.254.0.0/16', 'fe80::/10', '100.100.100.200', 'fd00:ec2::254'])
