import type { Config } from '../config.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** SAMEORIGIN, not DENY: the live front end shows the chat in a frame of its own origin. */
const always: [name: string, value: string][] = [
  ['content-security-policy', contentSecurityPolicy],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'SAMEORIGIN'],
  ['referrer-policy', 'strict-origin-when-cross-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
]

/** A year. Subdomains are not ours to decide about. */
const strictTransport: [name: string, value: string] = ['strict-transport-security', 'max-age=31536000']

const cacheFree = new WeakSet<Request>()

/**
 * The headers that every response carries. Whatever a route has set itself stays. `Cache-Control: no-store` is the
 * default, as nearly everything here belongs to one person and a proxy may keep what says nothing.
 */
export function securityHeaders(config: Pick<Config, 'production' | 'frontendBaseUrl'>) {
  const overHttps = config.production && config.frontendBaseUrl.startsWith('https:')
  const defaults = overHttps ? [...always, strictTransport] : always
  return (response: Response, request: Request): void => {
    const { headers } = response
    for (const [name, value] of defaults) if (!headers.has(name)) headers.set(name, value)
    if (!headers.has('cache-control') && !cacheFree.has(request)) {
      headers.set('cache-control', 'no-store')
    }
  }
}

/** The answer to this request shall say nothing about caching; a proxy then follows its own rules. */
export function sendNoCacheControl(request: Request): void {
  cacheFree.add(request)
}
