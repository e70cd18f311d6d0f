import { cookie } from '@elysiajs/cookie'
import { Elysia } from 'elysia'
import type { Config } from '../config.ts'
import { isFromTrustedProxy, type PeerSource } from './client-ip.ts'

export interface Cookies {
  /** What the request brought (not what was set since). Null: nothing usable. */
  get(name: string): string | null
  /** `HttpOnly; SameSite=Lax; Path=/`, and Secure as the settings say. `value` must need no encoding. */
  set(name: string, value: string, life: { maxAgeSeconds: number } | { expiresAt: Date }): void
  /** Makes the browser forget it: an empty value with `Max-Age=0; Path=/`. */
  clear(name: string): void
}

type CookieConfig = Pick<Config, 'cookieSecure' | 'production' | 'frontendBaseUrl' | 'trustedProxies'>

type SetCookie = (name: string, value: string, attributes: Record<string, unknown>) => void

const maxHeaderLength = 16_384
const maxValueLength = 4096

/**
 * Gives `cookies` to the routes of the instance that uses it. What is set reaches the client with any answer: a value,
 * a stream, an error. A route that only reads them needs no more than `readCookie`.
 */
export function cookies(config: CookieConfig) {
  return new Elysia({ name: 'cookies' })
    .use(plugin())
    .derive((context) => {
      const { request, server } = context
      const { setCookie } = context as unknown as { setCookie: SetCookie } // the plugin's type was given up below
      return { cookies: cookiesOf(request, server, setCookie, config) }
    })
    .mapResponse(({ set, responseValue }) => sendCookies(set.headers, responseValue))
    .as('scoped')
}

/** The value of the first cookie of this name, or null. Never throws, whatever the header holds. */
export function readCookie(request: Request, name: string): string | null {
  const header = request.headers.get('cookie')
  if (header === null || header.length > maxHeaderLength) return null
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue
    const value = unquote(pair.slice(equals + 1).trim())
    return value === '' || value.length > maxValueLength ? null : decode(value)
  }
  return null
}

/** Its hooks are local by default and would reach no route. Its types clash with those of the framework's own jar. */
function plugin(): Elysia {
  return cookie().as('scoped') as unknown as Elysia // its own types clash, as said above
}

function cookiesOf(
  request: Request,
  server: PeerSource | null,
  setCookie: SetCookie,
  config: CookieConfig,
): Cookies {
  return {
    get: (name) => readCookie(request, name),
    set(name, value, life) {
      const secure = isPrefixed(name) || isSecure(request, server, config)
      const expiry = 'expiresAt' in life ? { expires: life.expiresAt } : { maxAge: life.maxAgeSeconds }
      setCookie(name, value, { httpOnly: true, sameSite: 'lax', secure, ...expiry })
    },
    // The plugin's own removal drops the path, and a browser then keeps the cookie.
    clear: (name) => setCookie(name, '', { maxAge: 0, secure: isPrefixed(name) }),
  }
}

function isSecure(request: Request, server: PeerSource | null, config: CookieConfig): boolean {
  if (config.cookieSecure !== 'auto') return config.cookieSecure === 'always'
  if (config.production || config.frontendBaseUrl.startsWith('https:')) return true
  // Each proxy adds its own word at the end; the first is the one that the browser spoke to.
  const scheme = request.headers.get('x-forwarded-proto')?.split(',', 1)[0]?.trim().toLowerCase()
  return scheme === 'https' && isFromTrustedProxy({ request, server }, config)
}

/** Browsers refuse names with these prefixes unless Secure is there. */
function isPrefixed(name: string): boolean {
  return /^__(host|secure)-/i.test(name)
}

/**
 * The plugin leaves its list under `Set-Cookie`, which comes out as one broken header. Under `set-cookie` the
 * framework sends it right; on a Response we write it ourselves, as the framework would wrap the body once more.
 */
function sendCookies(headers: Record<string, unknown>, response: unknown): void {
  const written = headers['Set-Cookie']
  if (!Array.isArray(written)) return
  delete headers['Set-Cookie']
  const list = lastOfEachName(written)
  if (response instanceof Response) for (const line of list) response.headers.append('set-cookie', line)
  else headers['set-cookie'] = list
}

function lastOfEachName(lines: string[]): string[] {
  return [...new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line])).values()]
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
