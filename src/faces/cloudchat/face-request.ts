import type { Server } from 'bun'
import type { Deps } from '../../deps.ts'
import { clientOf } from '../../http/client-ip.ts'
import type { Cookies } from '../../http/cookies.ts'
import type { Client } from '../../lib/client.ts'

/** What the handlers of this face need of a request. */
export interface FaceRequest {
  request: Request
  client: Client
  cookies: FaceCookies
  /** Lets the answer take its time: a silent model must not look like a dead connection. */
  keepOpen(): void
}

export interface FaceCookies {
  /** The visitor's session in the chat; each use prolongs it. */
  readonly visitor: string | null
  setVisitor(token: string): void
  /** The log-in, which ends a fixed time after it began. */
  readonly auth: string | null
  setAuth(token: string): void
  clearAuth(): void
}

export type FaceHandler = (asked: FaceRequest) => Promise<Response>

/** Answers from the request alone and sets no cookie. The commonest questions are spared the work for the others. */
export type FaceReader = (request: Request) => Promise<Response>

export interface RouteContext {
  request: Request
  server: Server<unknown> | null
  cookies: Cookies
}

export function faceRequest(deps: Deps, { request, server, cookies }: RouteContext): FaceRequest {
  return {
    request,
    client: clientOf({ request, server }, deps.config),
    cookies: faceCookies(deps, cookies),
    keepOpen: () => server?.timeout(request, 0),
  }
}

function faceCookies({ config, now }: Deps, cookies: Cookies): FaceCookies {
  const { cookieName: visitorName, sessionTtlSeconds } = config.cloudchat
  const { cookieName: authName, sessionTtlSeconds: authTtlSeconds } = config.auth
  return {
    get visitor() {
      return cookies.get(visitorName)
    },
    setVisitor(token) {
      const expiresAt = new Date(now().getTime() + sessionTtlSeconds * 1000)
      cookies.set(visitorName, token, { expiresAt })
    },
    get auth() {
      return cookies.get(authName)
    },
    setAuth: (token) => cookies.set(authName, token, { maxAgeSeconds: authTtlSeconds }),
    clearAuth: () => cookies.clear(authName),
  }
}
