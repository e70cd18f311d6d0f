import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { authGuard } from '../auth/guard.ts'
import { getBalance, listBalanceEntries, redeemCode } from './balance.ts'
import { getQuota } from './get-quota.ts'
import { balanceOperations, quotaOperations } from './operations.ts'
import { balanceView, entriesQuery, entriesView, quotaView, redeemBody, redeemedView } from './schema.ts'
import { viewOfEntry } from './view-of-entry.ts'
import { viewOfWindow } from './view-of-window.ts'

const maxBodyBytes = 16 * 1024
const defaultLimit = 30

/** What a person may use, and has paid in. */
export function quotaRoutes(deps: Deps) {
  const { currency } = deps.config
  return new Elysia({ name: 'quota', prefix: '/api/v1/users/me' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '/quota',
      async ({ user }) => {
        const { plan, windows } = await getQuota(deps, user.id)
        return { plan, windows: windows.map(viewOfWindow) }
      },
      { authOrKey: 'usage', response: quotaView, detail: quotaOperations.getQuota },
    )
    .get('/balance', async ({ user }) => ({ micros: await getBalance(deps, user.id), currency }), {
      auth: 'user',
      response: balanceView,
      detail: balanceOperations.getBalance,
    })
    .get(
      '/balance/entries',
      async ({ user, query: { cursor, limit = defaultLimit } }) => {
        const page = await listBalanceEntries(deps, user.id, { cursor: cursor || null, limit })
        return { items: page.items.map(viewOfEntry), next_cursor: page.nextCursor }
      },
      {
        auth: 'user',
        query: entriesQuery,
        response: entriesView,
        detail: balanceOperations.listBalanceEntries,
      },
    )
    .post(
      '/balance/redeem',
      async ({ user, body }) => {
        const { micros, addedMicros } = await redeemCode(deps, user.id, body.code)
        return { micros, currency, added_micros: addedMicros }
      },
      { auth: 'user', body: redeemBody, response: redeemedView, detail: balanceOperations.redeemCode },
    )
}
