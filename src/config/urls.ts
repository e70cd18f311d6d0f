import { bad, good, type Kind, type Parsed } from './kinds.ts'

/** Where browsers find the service: an origin, possibly with a path prefix. Without a trailing slash. */
export const pageUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const expected = 'an address such as https://chat.example.com, a path at most'
    const url = httpUrl(value)
    if (url === null || hasMore(url) || !/^[\w./~-]*$/.test(url.pathname)) return bad(expected)
    return good(withoutSlash(url))
  },
}

/** An origin: scheme, host and port. */
export const origin: Kind<string> = {
  label: 'origin',
  parse(value): Parsed<string> {
    if (value === '*') return bad('an origin such as https://www.example.com (not *: cookies go along)')
    const url = httpUrl(value)
    return url === null || hasMore(url) || url.pathname !== '/'
      ? bad('an origin such as https://www.example.com')
      : good(url.origin)
  },
}

/**
 * Where a provider's `/chat/completions` begins. An address alone gets the `/v1` that all such servers use:
 * `http://localhost:11434` means Ollama's `http://localhost:11434/v1`.
 */
export const providerUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = httpUrl(value)
    if (url === null || hasMore(url)) return bad('an address such as http://localhost:11434/v1')
    const base = withoutSlash(url)
    if (base.endsWith('/completions')) return bad('the address without /chat/completions')
    return good(url.pathname === '/' ? `${base}/v1` : base)
  },
}

function httpUrl(value: string): URL | null {
  const url = /^https?:\/\/[^/]/i.test(value) && !/\s/.test(value) ? URL.parse(value) : null
  return url !== null && url.hostname !== '' ? url : null
}

/** User, password, query or fragment: nothing that belongs into such an address. */
function hasMore({ username, password, search, hash, href }: URL): boolean {
  return `${username}${password}${search}${hash}` !== '' || /[?#]$/.test(href)
}

function withoutSlash({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '')
}
