import type { Deps } from '../../deps.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { credentialOf } from '../../modules/auth/guard.ts'
import { logIn } from '../../modules/auth/log-in.ts'
import { logOut } from '../../modules/auth/log-out.ts'
import { register } from '../../modules/auth/register.ts'
import type { FaceHandler, FaceReader } from './face-request.ts'
import { readFields } from './fields.ts'

const password = { maxLength: 128 }

/** Makes an account, and logs nobody in. */
export function registerAccount(deps: Deps): FaceHandler {
  return async ({ request, client }) => {
    const fields = await readFields(request, {
      email: { maxLength: 254, trim: true },
      phone: { maxLength: 32, trim: true },
      password,
      display_name: { maxLength: 80, trim: true },
    })
    if (!fields.email) throw new AppError('invalid_request', 'email required')
    const { email, phone, display_name: displayName } = fields
    const registration = { email, phone, displayName, username: null, password: fields.password ?? '' }
    await register(deps, registration, client)
    return Response.json({ ok: true }, { status: 201 })
  }
}

/** Whatever is wrong, the front end hears the same: it has one text for a failed log-in. */
export function openSession(deps: Deps): FaceHandler {
  return async ({ request, client, cookies }) => {
    const fields = await readFields(request, { identifier: { maxLength: 254, trim: true }, password })
    const attempt = { identifier: fields.identifier ?? '', password: fields.password ?? '' }
    const { token } = await logIn(deps, attempt, client).catch((error: unknown) => {
      const isRefusal = error instanceof AppError && refusals.has(error.code)
      throw isRefusal ? new AppError('invalid_credentials', 'Invalid credentials') : error
    })
    cookies.setAuth(token)
    return Response.json({ ok: true })
  }
}

const refusals: ReadonlySet<ErrorCode> = new Set(['invalid_credentials', 'invalid_request', 'rate_limited'])

export function closeSession(deps: Deps): FaceHandler {
  return async ({ request, cookies }) => {
    await logOut(deps, { cookie: cookies.auth, bearer: readBearer(request), refreshToken: null })
    cookies.clearAuth()
    return Response.json({ ok: true })
  }
}

export function me(deps: Deps): FaceReader {
  return async (request) => {
    const credential = await credentialOf(deps, request)
    if (credential === null) throw new AppError('unauthenticated', 'Unauthorized')
    const { id, uid, email, phone, displayName, isActive } = credential.user
    return Response.json({
      ok: true,
      user: { id, uid, email, phone, display_name: displayName, is_active: isActive },
    })
  }
}
