import type { Config } from '../config.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  // Formulas are made of pieces with places of their own. Style sheets inside the page stay forbidden.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

type HeaderList = [name: string, value: string][]

/** SAMEORIGIN, not DENY: the live front end shows the chat in a frame of its own origin. */
const always: HeaderList = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'SAMEORIGIN'],
  ['referrer-policy', 'strict-origin-when-cross-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
]

/** For whatever a browser may show as a page. */
const ofPages: HeaderList = [
  ['content-security-policy', contentSecurityPolicy],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ['cross-origin-opener-policy', 'same-origin'],
]

/** What no browser shows as a page, as `nosniff` sees to it: there is nothing to permit, to open or to load. */
const ofData: HeaderList = [['content-security-policy', "default-src 'none'; frame-ancestors 'none'"]]
const dataType = /^(?:application\/[a-z.+-]*json|text\/event-stream)\b/

/** A year. Subdomains are not ours to decide about. */
const strictTransport: HeaderList = [['strict-transport-security', 'max-age=31536000']]

const cacheFree = new WeakSet<Request>()

/**
 * The headers that every response carries. Whatever a route has set itself stays. `Cache-Control: no-store` is the
 * default, as nearly everything here belongs to one person and a proxy may keep what says nothing.
 */
export function securityHeaders(config: Pick<Config, 'production' | 'frontendBaseUrl'>) {
  const overHttps = config.production && config.frontendBaseUrl.startsWith('https:')
  const everywhere = overHttps ? [...always, ...strictTransport] : always
  const forPages = [...everywhere, ...ofPages]
  const forData = [...everywhere, ...ofData]
  return (response: Response, request: Request): void => {
    const { headers } = response
    const isData = dataType.test(headers.get('content-type') ?? '')
    for (const [name, value] of isData ? forData : forPages) if (!headers.has(name)) headers.set(name, value)
    if (!headers.has('cache-control') && !cacheFree.has(request)) {
      headers.set('cache-control', 'no-store')
    }
  }
}

/** The answer to this request shall say nothing about caching; a proxy then follows its own rules. */
export function sendNoCacheControl(request: Request): void {
  cacheFree.add(request)
}
