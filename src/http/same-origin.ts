import { Elysia } from 'elysia'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { readBearer } from './bearer.ts'
import { hostName, requestedHost } from './host-name.ts'

type OriginConfig = Pick<Config, 'frontendBaseUrl' | 'corsOrigins'>

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Refuses what another site makes a visitor's browser send: writes and WebSockets, which would carry his cookies. */
export function sameOrigin(config: OriginConfig) {
  return new Elysia({ name: 'same-origin' }).onRequest(({ request }) => {
    if (isCrossSite(request, config)) throw new AppError('forbidden', 'Cross-site request refused')
  })
}

/** Whether a request must be refused because another site is behind it. */
export function isCrossSite(request: Request, config: OriginConfig): boolean {
  const { headers, method } = request
  // A socket opens with GET, but is no reading: the browser lets any page talk through it. Whatever the header says
  // besides: the server finds `websocket` in a list too.
  const isSocket = headers.has('upgrade')
  if (safeMethods.has(method) && !isSocket) return false
  // A browser adds a Bearer token to nothing by itself (as it does with Basic), so whoever sent it meant to.
  if (readBearer(request) !== null) return false
  const origin = headers.get('origin')
  if (origin !== null && isListed(origin, config)) return false
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  return origin !== null && !isOurHost(origin, request, config)
}

function isListed(origin: string, { corsOrigins }: OriginConfig): boolean {
  return corsOrigins.some((listed) => originOf(listed) === origin)
}

/** By host alone: a proxy in front may pass on neither scheme nor port. */
function isOurHost(
  origin: string,
  request: Request,
  { frontendBaseUrl, corsOrigins }: OriginConfig,
): boolean {
  const host = hostOf(origin)
  if (host === null) return false
  return (
    host === requestedHost(request) || [frontendBaseUrl, ...corsOrigins].some((url) => hostOf(url) === host)
  )
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? hostName(new URL(url).host) : null
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null
}
