import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { clientOf } from '../../http/client-ip.ts'
import { type Cookies, cookies } from '../../http/cookies.ts'
import { authGuard } from './guard.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { register } from './register.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { resetPassword } from './reset-password.ts'
import {
  forgotPasswordBody,
  loginBody,
  meView,
  registerBody,
  resetPasswordBody,
  resetRequestedView,
} from './schema.ts'
import { createSession } from './sessions.ts'
import type { User } from './user.ts'

const maxBodyBytes = 16 * 1024

/** Accounts and sessions. */
export function authRoutes(deps: Deps) {
  const { cookieName, sessionTtlSeconds: maxAgeSeconds } = deps.config.auth
  const keepSession = (jar: Cookies, token: string) => jar.set(cookieName, token, { maxAgeSeconds })

  return new Elysia({ name: 'auth', prefix: '/api/v1' })
    .use(jsonBody(maxBodyBytes))
    .use(cookies(deps.config))
    .use(authGuard(deps))
    .post(
      '/auth/register',
      async ({ body, request, server, cookies, set }) => {
        const client = clientOf({ request, server }, deps.config)
        const user = await register(deps, toRegistration(body), client)
        const session = await createSession(deps, user.id, null, client)
        if (session !== null) keepSession(cookies, session.token)
        set.status = 201
        return { user: viewOf(user) }
      },
      { body: registerBody, response: { 201: meView } },
    )
    .post(
      '/auth/login',
      async ({ body, request, server, cookies }) => {
        const { user, token } = await logIn(deps, body, clientOf({ request, server }, deps.config))
        keepSession(cookies, token)
        return { user: viewOf(user) }
      },
      { body: loginBody, response: meView },
    )
    .post('/auth/logout', async ({ cookies, set }) => {
      await logOut(deps, cookies.get(cookieName))
      cookies.clear(cookieName)
      set.status = 204
    })
    .post(
      '/auth/forgot-password',
      async ({ body, request, server }) => {
        const client = clientOf({ request, server }, deps.config)
        const { debugToken } = await requestPasswordReset(deps, body.identifier, client)
        return debugToken === null ? {} : { debug_token: debugToken }
      },
      { body: forgotPasswordBody, response: resetRequestedView },
    )
    .post(
      '/auth/reset-password',
      async ({ body, request, server, set }) => {
        const reset = { token: body.token, password: body.new_password }
        await resetPassword(deps, reset, clientOf({ request, server }, deps.config))
        set.status = 204
      },
      { body: resetPasswordBody },
    )
    .get('/users/me', ({ user }) => ({ user: viewOf(user) }), { auth: 'user', response: meView })
}

function toRegistration(body: typeof registerBody.static) {
  return {
    email: body.email ?? null,
    phone: body.phone ?? null,
    username: body.username ?? null,
    displayName: body.display_name ?? null,
    password: body.password,
  }
}

function viewOf(user: User): typeof meView.static.user {
  return {
    id: user.uid,
    email: user.email,
    phone: user.phone,
    username: user.username,
    display_name: user.displayName,
    role: user.role,
    created_at: user.createdAt.toISOString(),
  }
}
