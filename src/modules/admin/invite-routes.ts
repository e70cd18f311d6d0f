import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
import { toMoment } from '../auth/future-moment.ts'
import { authGuard } from '../auth/guard.ts'
import { type Invite, listInvites } from '../auth/invites.ts'
import { createInvite, deleteInvite } from './change-invites.ts'
import { invitesQuery, invitesView, type inviteView, newInviteBody, newInviteView } from './invite-schema.ts'
import { inviteOperations } from './operations.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024
const usual = { sort: 'created', order: 'desc', limit: 30 } as const

/** Invitations, for where registering takes one. */
export function adminInviteRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-invites', prefix: '/api/v1/admin/invites' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ query }) => {
        const filter = { search: textOf(query.search), state: query.state ?? null }
        const page = await listInvites(deps, filter, pageWishOf(query, usual))
        return { items: page.items.map(viewOf), next_cursor: page.nextCursor }
      },
      { auth: 'admin', query: invitesQuery, response: invitesView, detail: inviteOperations.listInvites },
    )
    .post(
      '',
      async ({ user, request, server, body, set }) => {
        const { invite, code } = await createInvite(deps, by({ user, request, server }), {
          note: body.note ?? null,
          maxUses: body.max_uses ?? 1,
          expiresAt: body.expires_at ? toMoment(body.expires_at, 'expires_at') : null,
        })
        set.status = 201
        return { ...viewOf(invite), code }
      },
      {
        auth: 'admin',
        body: newInviteBody,
        response: { 201: newInviteView },
        detail: inviteOperations.createInvite,
      },
    )
    .delete(
      '/:id',
      async ({ user, request, server, params, set }) => {
        await deleteInvite(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: inviteOperations.deleteInvite },
    )
}

function viewOf(invite: Invite): typeof inviteView.static {
  return {
    id: invite.id,
    hint: invite.hint,
    note: invite.note,
    max_uses: invite.maxUses,
    uses: invite.uses,
    expires_at: invite.expiresAt?.toISOString() ?? null,
    created_at: invite.createdAt.toISOString(),
  }
}
