import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { jsonBody } from '../../http/body.ts'
import { clientOf } from '../../http/client-ip.ts'
import { type Cookies, cookies } from '../../http/cookies.ts'
import { noteLimit } from '../../http/rate-limits.ts'
import { countAuthHit } from './api-limits.ts'
import { changePassword } from './change-password.ts'
import { endOtherSessions, endSession } from './end-sessions.ts'
import { authGuard } from './guard.ts'
import { type ListedSession, listSessions } from './list-sessions.ts'
import { logIn, logInWithTokens } from './log-in.ts'
import { logOut } from './log-out.ts'
import { logInOperations, ownOperations } from './operations.ts'
import { refreshSession } from './refresh-session.ts'
import { register } from './register.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { resetPassword } from './reset-password.ts'
import {
  changePasswordBody,
  forgotPasswordBody,
  loggedInView,
  loginBody,
  logoutBody,
  meView,
  refreshBody,
  registerBody,
  resetPasswordBody,
  resetRequestedView,
  sessionsView,
  tokensView,
  userBody,
} from './schema.ts'
import { createSession, createTokenSession, type Tokens } from './sessions.ts'
import { type UserChanges, updateUser } from './update-user.ts'
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
      .onTransform(({ request, server }) =>
        countAuthHit(deps, clientOf({ request, server }, deps.config).ip, (standing) =>
          noteLimit(request, { name: 'address', ...standing }),
        ),
      )
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
        { body: registerBody, response: { 201: loggedInView }, detail: logInOperations.register },
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
        { body: loginBody, response: loggedInView, detail: logInOperations.logIn },
      )
      .post('/refresh', async ({ body }) => viewOfTokens(await refreshSession(deps, body.refresh_token)), {
        body: refreshBody,
        response: tokensView,
        detail: logInOperations.refreshTokens,
      })
      .post(
        '/logout',
        async ({ body, request, cookies, set }) => {
          const shown = { cookie: cookies.get(cookieName), bearer: readBearer(request) }
          await logOut(deps, { ...shown, refreshToken: body?.refresh_token ?? null })
          cookies.clear(cookieName)
          set.status = 204
        },
        { body: logoutBody, detail: logInOperations.logOut },
      )
      .post(
        '/forgot-password',
        async ({ body, request, server }) => {
          const client = clientOf({ request, server }, deps.config)
          const { debugToken } = await requestPasswordReset(deps, body.identifier, client)
          return debugToken === null ? {} : { debug_token: debugToken }
        },
        {
          body: forgotPasswordBody,
          response: resetRequestedView,
          detail: logInOperations.requestPasswordReset,
        },
      )
      .post(
        '/reset-password',
        async ({ body, request, server, set }) => {
          const reset = { token: body.token, password: body.new_password }
          await resetPassword(deps, reset, clientOf({ request, server }, deps.config))
          set.status = 204
        },
        { body: resetPasswordBody, detail: logInOperations.resetPassword },
      )
  )
}

function userRoutes(deps: Deps) {
  return new Elysia({ name: 'auth-user', prefix: '/api/v1/users/me' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get('', ({ user }) => ({ user: viewOf(deps, user) }), {
      auth: 'user',
      response: meView,
      detail: ownOperations.getMe,
    })
    .put(
      '',
      async ({ user, body }) => ({ user: viewOf(deps, await updateUser(deps, user, toChanges(body))) }),
      { auth: 'user', body: userBody, response: meView, detail: ownOperations.updateMe },
    )
    .post(
      '/change-password',
      async ({ credential, body, set }) => {
        const change = { currentPassword: body.current_password, newPassword: body.new_password }
        await changePassword(deps, credential, change)
        set.status = 204
      },
      { auth: 'user', body: changePasswordBody, detail: ownOperations.changePassword },
    )
    .get(
      '/sessions',
      async ({ user, sessionId }) => {
        const sessions = await listSessions(deps, user.id)
        return { items: sessions.map((session) => viewOfSession(session, sessionId)), next_cursor: null }
      },
      { auth: 'user', response: sessionsView, detail: ownOperations.listSessions },
    )
    .delete(
      '/sessions',
      async ({ user, sessionId, set }) => {
        await endOtherSessions(deps, user.id, sessionId)
        set.status = 204
      },
      { auth: 'user', detail: ownOperations.deleteOtherSessions },
    )
    .delete(
      '/sessions/:id',
      async ({ user, params, set }) => {
        await endSession(deps, user.id, params.id)
        set.status = 204
      },
      { auth: 'user', detail: ownOperations.deleteSession },
    )
}

function toRegistration(body: typeof registerBody.static) {
  return {
    email: body.email ?? null,
    phone: body.phone ?? null,
    username: body.username ?? null,
    displayName: body.display_name ?? null,
    password: body.password,
    inviteCode: body.invite_code ?? null,
  }
}

function toChanges(body: typeof userBody.static): UserChanges {
  return {
    email: body.email,
    phone: body.phone,
    username: body.username,
    displayName: body.display_name,
    locale: body.locale,
    currentPassword: body.current_password ?? null,
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
    locale: user.locale,
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

function viewOfSession(
  session: ListedSession,
  currentId: string,
): (typeof sessionsView.static.items)[number] {
  return {
    id: session.id,
    device: session.device,
    user_agent: session.userAgent,
    ip: session.ip,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    current: session.id === currentId,
  }
}
