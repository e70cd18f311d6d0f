import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { authGuard } from '../auth/guard.ts'
import { getPerson } from '../auth/list-people.ts'
import { getBalance, listBalanceEntries } from '../usage/balance.ts'
import { getOverride } from '../usage/get-override.ts'
import { getQuota } from '../usage/get-quota.ts'
import { entriesQuery, entriesView } from '../usage/schema.ts'
import { viewOfEntry } from '../usage/view-of-entry.ts'
import { viewOfWindow } from '../usage/view-of-window.ts'
import { changeBalance, removeOverride, setOverride } from './change-usage.ts'
import { quotaOperations } from './operations.ts'
import { balanceBody, overrideBody, userBalanceView, userQuotaView } from './usage-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024
const defaultLimit = 30

/** What one person may use, and has paid in. */
export function adminQuotaRoutes(deps: Deps) {
  const by = actorOf(deps)
  const { currency } = deps.config
  return new Elysia({ name: 'admin-quota', prefix: '/api/v1/admin/users' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get('/:id/quota', ({ params }) => quotaOf(deps, params.id), {
      auth: 'admin',
      response: userQuotaView,
      detail: quotaOperations.getUserQuota,
    })
    .put(
      '/:id/quota',
      async ({ user, request, server, params, body }) => {
        const override = { limits: body.limits ?? {}, timezone: body.timezone ?? null }
        await setOverride(deps, by({ user, request, server }), params.id, override)
        return quotaOf(deps, params.id)
      },
      { auth: 'admin', body: overrideBody, response: userQuotaView, detail: quotaOperations.setUserQuota },
    )
    .delete(
      '/:id/quota',
      async ({ user, request, server, params, set }) => {
        await removeOverride(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: quotaOperations.resetUserQuota },
    )
    .get(
      '/:id/balance',
      async ({ params }) => {
        const { id } = await getPerson(deps, params.id)
        return { micros: await getBalance(deps, id), currency }
      },
      { auth: 'admin', response: userBalanceView, detail: quotaOperations.getUserBalance },
    )
    .get(
      '/:id/balance/entries',
      async ({ params, query: { cursor, limit = defaultLimit } }) => {
        const { id } = await getPerson(deps, params.id)
        const { items, nextCursor } = await listBalanceEntries(deps, id, { cursor: cursor || null, limit })
        return { items: items.map(viewOfEntry), next_cursor: nextCursor }
      },
      {
        auth: 'admin',
        query: entriesQuery,
        response: entriesView,
        detail: quotaOperations.listUserBalanceEntries,
      },
    )
    .post(
      '/:id/balance',
      async ({ user, request, server, params, body }) => {
        const change = { micros: body.micros, note: body.note?.trim() || null }
        const micros = await changeBalance(deps, by({ user, request, server }), params.id, change)
        return { micros, currency }
      },
      { auth: 'admin', body: balanceBody, response: userBalanceView, detail: quotaOperations.changeBalance },
    )
}

async function quotaOf(deps: Deps, uid: string): Promise<typeof userQuotaView.static> {
  const { id } = await getPerson(deps, uid)
  const { plan, windows } = await getQuota(deps, id)
  return { plan, windows: windows.map(viewOfWindow), override: await getOverride(deps, id) }
}
