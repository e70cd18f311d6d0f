import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { requestPasswordReset } from '../../modules/auth/request-password-reset.ts'
import { resetPassword } from '../../modules/auth/reset-password.ts'
import type { FaceHandler } from './face-request.ts'
import { readFields } from './fields.ts'

/** Says yes to everybody: whether there is such an account, and whether a limit was reached, is nobody's business. */
export function forgotPassword(deps: Deps): FaceHandler {
  return async ({ request, client }) => {
    const identifier = await readIdentifier(request)
    const { debugToken } = await requestPasswordReset(deps, identifier, client).catch(unlessLimited)
    if (debugToken === null) return Response.json({ ok: true })
    const debugTtl = deps.config.auth.resetTokenTtlSeconds
    return Response.json({ ok: true, debug_token: debugToken, debug_ttl: debugTtl })
  }
}

/** Sets a new password. The front end tells a bad link from a weak password by these very words. */
export function newPassword(deps: Deps): FaceHandler {
  return async ({ request, client }) => {
    const fields = await readFields(request, {
      token: { maxLength: 256, trim: true },
      password: { maxLength: 128 },
    })
    if (!fields.token || !fields.password) throw tokenOrPassword()
    const reset = { token: fields.token, password: fields.password }
    const { revokedSessions } = await resetPassword(deps, reset, client).catch((error: unknown) => {
      throw isWeakPassword(error) ? tokenOrPassword() : error
    })
    return Response.json({ ok: true, revoked_sessions: revokedSessions })
  }
}

/** A request without a body asks for nobody, which is no mistake either. */
async function readIdentifier(request: Request): Promise<string> {
  if (request.body === null) return ''
  const { identifier } = await readFields(request, { identifier: { maxLength: 254, trim: true } })
  return identifier ?? ''
}

function unlessLimited(error: unknown): { debugToken: null } {
  if (error instanceof AppError && error.code === 'rate_limited') return { debugToken: null }
  throw error
}

function isWeakPassword(error: unknown): boolean {
  return error instanceof AppError && error.faults?.[0]?.path === 'password'
}

function tokenOrPassword(): AppError {
  return new AppError('invalid_request', 'Invalid token or weak password')
}
