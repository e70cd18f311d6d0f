import { type DocumentDecoration, Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { readCookie } from '../../http/cookies.ts'
import { countApiHit } from './api-limits.ts'
import { type Credential, resolveToken } from './resolve-credential.ts'

type GuardDeps = Pick<Deps, 'config' | 'db' | 'kv' | 'now' | 'log' | 'credentialCache'>

/**
 * Gives routes the option `auth`: `'user'` for whoever is logged in, `'admin'` for administrators. Such a route gets
 * `user`, `sessionId` and the whole `credential`; everybody else `unauthenticated`, `token_expired`, `forbidden` or
 * `rate_limited` (LIMIT_API_USER counts here). A stream or socket that the route opens is to end with its session:
 * `watchSession(deps, sessionId, close)`.
 */
export function authGuard(deps: GuardDeps) {
  return new Elysia({ name: 'auth-guard' }).macro({
    auth: (role: 'user' | 'admin') => ({
      // For the reference.
      detail: ofAuth(role),
      resolve: async ({ request }) => {
        const credential = await credentialOf(deps, request)
        if (credential === null) throw new AppError('unauthenticated', 'Log in first')
        const { user, sessionId } = credential
        await countApiHit(deps, user.id)
        if (role === 'admin' && user.role !== 'admin') throw new AppError('forbidden', 'Administrators only')
        return { user, sessionId, credential }
      },
    }),
  })
}

/** What such a route says about itself in `detail`. */
export interface RouteAuth extends DocumentDecoration {
  'x-auth': 'user' | 'admin'
}

function ofAuth(role: RouteAuth['x-auth']): RouteAuth {
  return { 'x-auth': role }
}

/**
 * Who sent a request, by its cookie or its `Authorization: Bearer`; null: nobody. Counts against no limit.
 * Throws `token_expired`. What carries its token otherwise (a socket's first message) asks `resolveToken`.
 */
export function credentialOf(deps: GuardDeps, request: Request): Promise<Credential | null> {
  const cookie = readCookie(request, deps.config.auth.cookieName)
  return resolveToken(deps, { cookie, bearer: readBearer(request) })
}
