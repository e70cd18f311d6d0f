import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { jsonBody } from '../../http/body.ts'
import { clientOf } from '../../http/client-ip.ts'
import { type Cookies, cookies } from '../../http/cookies.ts'
import { countAuthHit } from './api-limits.ts'
import { authGuard } from './guard.ts'
import { logIn, logInWithTokens } from './log-in.ts'
import { logOut } from './log-out.ts'
import { refreshSession } from './refresh-session.ts'
import { register } from './register.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { resetPassword } from './reset-password.ts'
import {
  forgotPasswordBody,
  loggedInView,
  loginBody,
  logoutBody,
  meView,
  refreshBody,
  registerBody,
  resetPasswordBody,
  resetRequestedView,
  tokensView,
} from './schema.ts'
import { createSession, createTokenSession, type Tokens } from './sessions.ts'
import type { User } from './user.ts'

const maxBodyBytes = 16 * 1024

/** Accounts and sessions. */
export function authRoutes(deps: Deps) {
  return new Elysia({ name: 'auth' }).use(logInRoutes(deps)).use(userRoutes(deps))
}

function logInRoutes(deps: Deps) {
  const { cookieName, sessionTtlSeconds: maxAgeSeconds } = deps.config.auth
  const keepSession = (jar: Cookies, token: string) => jar.set(cookieName, token, { maxAgeSeconds })

  return (
    new Elysia({ name: 'auth-log-in', prefix: '/api/v1/auth' })
      .use(jsonBody(maxBodyBytes))
      .use(cookies(deps.config))
      // Before the body is checked: nonsense counts too.
      .onTransform(({ request, server }) => countAuthHit(deps, clientOf({ request, server }, deps.config).ip))
      .post(
        '/register',
        async ({ body, request, server, cookies, set }) => {
          const client = clientOf({ request, server }, deps.config)
          const user = await register(deps, toRegistration(body), client)
          set.status = 201
          if (body.session === 'cookie') {
            const session = await createSession(deps, user.id, null, client)
            if (session !== null) keepSession(cookies, session.token)
            return { user: viewOf(deps, user) }
          }
          const tokens = await createTokenSession(deps, user, null, client)
          if (tokens === null) throw new AppError('unauthenticated', 'The account has been closed')
          return { user: viewOf(deps, user), ...viewOfTokens(tokens) }
        },
        { body: registerBody, response: { 201: loggedInView } },
      )
      .post(
        '/login',
        async ({ body, request, server, cookies }) => {
          const client = clientOf({ request, server }, deps.config)
          if (body.session === 'cookie') {
            const { user, token } = await logIn(deps, body, client)
            keepSession(cookies, token)
            return { user: viewOf(deps, user) }
          }
          const { user, ...tokens } = await logInWithTokens(deps, body, client)
          return { user: viewOf(deps, user), ...viewOfTokens(tokens) }
        },
        { body: loginBody, response: loggedInView },
      )
      .post('/refresh', async ({ body }) => viewOfTokens(await refreshSession(deps, body.refresh_token)), {
        body: refreshBody,
        response: tokensView,
      })
      .post(
        '/logout',
        async ({ body, request, cookies, set }) => {
          const shown = { cookie: cookies.get(cookieName), bearer: readBearer(request) }
          await logOut(deps, { ...shown, refreshToken: body?.refresh_token ?? null })
          cookies.clear(cookieName)
          set.status = 204
        },
        { body: logoutBody },
      )
      .post(
        '/forgot-password',
        async ({ body, request, server }) => {
          const client = clientOf({ request, server }, deps.config)
          const { debugToken } = await requestPasswordReset(deps, body.identifier, client)
          return debugToken === null ? {} : { debug_token: debugToken }
        },
        { body: forgotPasswordBody, response: resetRequestedView },
      )
      .post(
        '/reset-password',
        async ({ body, request, server, set }) => {
          const reset = { token: body.token, password: body.new_password }
          await resetPassword(deps, reset, clientOf({ request, server }, deps.config))
          set.status = 204
        },
        { body: resetPasswordBody },
      )
  )
}

function userRoutes(deps: Deps) {
  return new Elysia({ name: 'auth-user', prefix: '/api/v1/users/me' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get('', ({ user }) => ({ user: viewOf(deps, user) }), { auth: 'user', response: meView })
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

function viewOf({ config }: Deps, user: User): typeof meView.static.user {
  return {
    id: user.uid,
    email: user.email,
    phone: user.phone,
    username: user.username,
    display_name: user.displayName,
    role: user.role,
    plan: user.plan ?? config.auth.defaultPlan,
    created_at: user.createdAt.toISOString(),
  }
}

function viewOfTokens({ accessToken, refreshToken, expiresInSeconds }: Tokens): typeof tokensView.static {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
  }
}
