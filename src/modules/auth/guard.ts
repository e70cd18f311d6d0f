import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readCookie } from '../../http/cookies.ts'
import { resolveCredential } from './resolve-credential.ts'

type GuardDeps = Pick<Deps, 'config' | 'db' | 'now' | 'credentialCache'>

/**
 * Gives routes the option `auth`: `'user'` for whoever is logged in, `'admin'` for administrators. Such a route gets
 * `user` and `sessionId`; everybody else `unauthenticated` or `forbidden`.
 */
export function authGuard(deps: GuardDeps) {
  return new Elysia({ name: 'auth-guard' }).macro({
    auth: (role: 'user' | 'admin') => ({
      resolve: async ({ request }) => {
        const credential = await resolveCredential(deps, readCookie(request, deps.config.auth.cookieName))
        if (credential === null) throw new AppError('unauthenticated', 'Log in first')
        if (role === 'admin' && credential.user.role !== 'admin') {
          throw new AppError('forbidden', 'Administrators only')
        }
        return { user: credential.user, sessionId: credential.sessionId }
      },
    }),
  })
}
