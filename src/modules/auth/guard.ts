import { type DocumentDecoration, Elysia } from 'elysia'
import type { KeyScope } from '../../db/key-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { clientOf } from '../../http/client-ip.ts'
import { readCookie } from '../../http/cookies.ts'
import { noteLimit } from '../../http/rate-limits.ts'
import type { Standing } from '../../lib/limits.ts'
import { looksLikeKey } from './api-key.ts'
import { countApiHit, countKeyAddressHit, countKeyHit } from './api-limits.ts'
import { type Caller, disagreeing, ownerOf, type PresentedWithKey, resolveCaller } from './resolve-caller.ts'
import { type Credential, resolveToken } from './resolve-credential.ts'

type GuardDeps = Pick<Deps, 'config' | 'db' | 'kv' | 'now' | 'log'> & MemoryDeps
type MemoryDeps = Pick<Deps, 'credentialCache' | 'keyCache' | 'keyUses'>

/**
 * Gives routes the option `auth`: `'user'` for whoever is logged in, `'admin'` for administrators. Such a route gets
 * `user`, `sessionId` and the whole `credential`; everybody else `unauthenticated`, `token_expired`, `forbidden` or
 * `rate_limited` (LIMIT_API_USER counts here). A stream or socket that the route opens is to end with its session:
 * `watchSession(deps, sessionId, close)`.
 *
 * And the option `authOrKey`, where an API key with that scope is as good: such a route gets `user`, `key` and
 * `sessionId`, one of the two null; what it opens is to end with either: `watchCaller`.
 */
export function authGuard(deps: GuardDeps) {
  return new Elysia({ name: 'auth-guard' }).macro({
    auth: (role: 'user' | 'admin') => ({
      // For the reference.
      detail: ofAuth(role),
      resolve: async ({ request }) => {
        const credential = await credentialOf(deps, request)
        if (credential === null) throw nobody(request)
        const { user, sessionId } = credential
        await countApiHit(deps, user.id, noteOf(request, 'account'))
        if (role === 'admin' && user.role !== 'admin') throw new AppError('forbidden', 'Administrators only')
        return { user, sessionId, credential }
      },
    }),
    authOrKey: (scope: KeyScope) => ({
      detail: { ...ofAuth('user'), 'x-scope': scope },
      resolve: async ({ request, server }) => {
        const { ip } = clientOf({ request, server }, deps.config)
        const { user, key, sessionId } = await callerOf(deps, request, { ip, scope })
        await countApiHit(deps, user.id, noteOf(request, 'account'))
        return { user, key, sessionId }
      },
    }),
  })
}

/** For the headers of its answer. */
function noteOf(request: Request, name: string): (standing: Standing) => void {
  return (standing) => noteLimit(request, { name, ...standing })
}

/**
 * Who sent a request, by a session or by an API key with that scope. Counts against the limits of keys, if it is by
 * one. Throws `unauthenticated`, `rate_limited`, and what `resolveCaller` throws; with a cookie and nothing else, what
 * `credentialOf` throws.
 */
async function callerOf(
  deps: GuardDeps,
  request: Request,
  { ip, scope }: { ip: string; scope: KeyScope },
): Promise<Caller> {
  const presented = presentedBy(request, deps.config)
  const isByCookie = presented.bearer === null && presented.apiKey === null
  if (!isByCookie) {
    if (looksLikeKey(presented.bearer ?? presented.apiKey ?? '')) {
      await countKeyAddressHit(deps, ip, noteOf(request, 'address'))
    }
    const caller = await resolveCaller(deps, presented, { ip, scope })
    if (caller === null) throw new AppError('unauthenticated', 'No such token or API key')
    if (caller.key !== null) await countKeyHit(deps, caller.key, noteOf(request, 'key'))
    return caller
  }
  const credential = await credentialOf(deps, request)
  if (credential === null) throw nobody(request)
  return { user: credential.user, key: null, sessionId: credential.sessionId }
}

/** All that a request carries to show who sent it. */
export function presentedBy(request: Request, { auth }: GuardDeps['config']): PresentedWithKey {
  return {
    cookie: readCookie(request, auth.cookieName),
    bearer: readBearer(request),
    apiKey: request.headers.get('x-api-key'),
  }
}

/** A key is for what it was made for, and no way into somebody's account. */
function nobody(request: Request): AppError {
  const isKey = looksLikeKey(readBearer(request) ?? '')
  return new AppError('unauthenticated', isKey ? 'API keys are not accepted here' : 'Log in first')
}

/** What such a route says about itself in `detail`. */
export interface RouteAuth extends DocumentDecoration {
  'x-auth': 'user' | 'admin'
  /** An API key with it will do. */
  'x-scope'?: KeyScope
}

function ofAuth(role: RouteAuth['x-auth']): RouteAuth {
  return { 'x-auth': role }
}

/**
 * Who sent a request, by its cookie or its `Authorization: Bearer`; null: nobody. Counts against no limit.
 * Throws `token_expired`, and `invalid_request` for two that are not the same person's (an API key in `X-Api-Key`
 * among them, though it opens nothing here): one of them was not meant. What carries its token otherwise (a socket's first message) asks `resolveToken`.
 */
export async function credentialOf(deps: GuardDeps, request: Request): Promise<Credential | null> {
  const { cookie, bearer, apiKey } = presentedBy(request, deps.config)
  const credential = await resolveToken(deps, { cookie, bearer })
  if (credential === null) return null
  const owner = apiKey === null || apiKey === bearer ? null : await ownerOf(deps, apiKey)
  if (owner !== null && owner !== credential.user.id) throw disagreeing()
  if (cookie === null || bearer === null) return credential
  const visitor = await resolveToken(deps, { cookie, bearer: null })
  if (visitor !== null && visitor.user.id !== credential.user.id) throw disagreeing()
  return credential
}
