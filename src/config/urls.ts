import { hasMore, httpUrl, readProviderUrl, withoutSlash } from '../lib/provider-url.ts'
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

/** Any page in the web, for people to follow. */
export const webUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = httpUrl(value)
    return url === null || url.username !== '' || url.password !== '' || value.length > 2000
      ? bad('an address such as https://www.example.com/terms')
      : good(url.href)
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

/** Where a provider's `/chat/completions` begins. */
export const providerUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const read = readProviderUrl(value)
    return 'url' in read ? good(read.url) : bad(read.expected)
  },
}
