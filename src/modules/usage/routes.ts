import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import { getQuota, type QuotaWindow } from './get-quota.ts'
import { quotaOperations } from './operations.ts'
import { quotaView } from './schema.ts'

/** What a person may use. */
export function quotaRoutes(deps: Deps) {
  return new Elysia({ name: 'quota', prefix: '/api/v1/users/me' }).use(authGuard(deps)).get(
    '/quota',
    async ({ user }) => {
      const { plan, windows } = await getQuota(deps, user.id)
      return { plan, windows: windows.map(viewOf) }
    },
    { auth: 'user', response: quotaView, detail: quotaOperations.getQuota },
  )
}

function viewOf({ resetsAt, ...window }: QuotaWindow) {
  return { ...window, resets_at: resetsAt.toISOString() }
}
