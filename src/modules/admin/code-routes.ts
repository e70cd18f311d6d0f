import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
import { toMoment } from '../auth/future-moment.ts'
import { authGuard } from '../auth/guard.ts'
import { listCodes, type TopUpCode } from '../usage/top-up-codes.ts'
import { createCodes, withdrawCode } from './change-usage.ts'
import { codeOperations } from './operations.ts'
import { codesQuery, codesView, type codeView, newCodesBody, newCodesView } from './usage-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024
const usual = { sort: 'created', order: 'desc', limit: 30 } as const

/** Top-up codes. */
export function adminCodeRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-codes', prefix: '/api/v1/admin/top-up-codes' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ query }) => {
        const filter = { search: textOf(query.search), state: query.state ?? null }
        const page = await listCodes(deps, filter, pageWishOf(query, usual))
        return { items: page.items.map(viewOf), next_cursor: page.nextCursor }
      },
      { auth: 'admin', query: codesQuery, response: codesView, detail: codeOperations.listTopUpCodes },
    )
    .post(
      '',
      async ({ user, request, server, body, set }) => {
        const made = await createCodes(deps, by({ user, request, server }), {
          micros: body.micros,
          count: body.count ?? 1,
          maxUses: body.max_uses ?? 1,
          expiresAt: body.expires_at ? toMoment(body.expires_at, 'expires_at') : null,
          note: body.note?.trim() || null,
        })
        set.status = 201
        return { items: made.map(({ code, ...rest }) => ({ ...viewOf(rest), code })) }
      },
      {
        auth: 'admin',
        body: newCodesBody,
        response: { 201: newCodesView },
        detail: codeOperations.createTopUpCodes,
      },
    )
    .delete(
      '/:id',
      async ({ user, request, server, params, set }) => {
        await withdrawCode(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: codeOperations.withdrawTopUpCode },
    )
}

function viewOf(code: TopUpCode): typeof codeView.static {
  return {
    id: code.id,
    ending: code.ending,
    micros: code.micros,
    max_uses: code.maxUses,
    uses: code.uses,
    note: code.note,
    created_at: code.createdAt.toISOString(),
    expires_at: code.expiresAt?.toISOString() ?? null,
    withdrawn_at: code.withdrawnAt?.toISOString() ?? null,
  }
}
