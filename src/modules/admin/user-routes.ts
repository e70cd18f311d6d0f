import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { addressOf, type PeerSource } from '../../http/client-ip.ts'
import { pageWishOf } from '../../http/list-query.ts'
import { authGuard } from '../auth/guard.ts'
import { getPerson, listPeople, type Person } from '../auth/list-people.ts'
import type { User } from '../auth/user.ts'
import { banUser, createUser, endSessionsOf, sendResetMail, unbanUser, updateUser } from './change-users.ts'
import { deleteUser } from './delete-user.ts'
import { userOperations } from './operations.ts'
import {
  banBody,
  newUserBody,
  newUserView,
  peopleView,
  personView,
  userChangesBody,
  usersQuery,
} from './user-schema.ts'

const maxBodyBytes = 16 * 1024
const usual = { sort: 'created', order: 'desc', limit: 30 } as const

/** People, as administrators see and change them. */
export function adminUserRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-users', prefix: '/api/v1/admin/users' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ query }) => {
        const { search, role, status, plan } = query
        const filter = {
          search: search || null,
          role: role ?? null,
          isActive: status === undefined ? null : status === 'active',
          plan: plan || null,
        }
        const page = await listPeople(deps, filter, pageWishOf(query, usual))
        return { items: page.items.map(viewOf), next_cursor: page.nextCursor }
      },
      { auth: 'admin', query: usersQuery, response: peopleView, detail: userOperations.listUsers },
    )
    .post(
      '',
      async ({ user, request, server, body, set }) => {
        const { person, link } = await createUser(deps, by({ user, request, server }), toNewUser(body))
        set.status = 201
        return { user: viewOf(person), password_link: link }
      },
      {
        auth: 'admin',
        body: newUserBody,
        response: { 201: newUserView },
        detail: userOperations.createUser,
      },
    )
    .get('/:id', async ({ params }) => viewOf(await getPerson(deps, params.id)), {
      auth: 'admin',
      response: personView,
      detail: userOperations.getUser,
    })
    .put(
      '/:id',
      async ({ user, request, server, params, body }) =>
        viewOf(await updateUser(deps, by({ user, request, server }), params.id, body)),
      { auth: 'admin', body: userChangesBody, response: personView, detail: userOperations.updateUser },
    )
    .delete(
      '/:id',
      async ({ user, request, server, params, set }) => {
        await deleteUser(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: userOperations.deleteUser },
    )
    .put(
      '/:id/ban',
      async ({ user, request, server, params, body, set }) => {
        await banUser(deps, by({ user, request, server }), params.id, body?.reason?.trim() || null)
        set.status = 204
      },
      { auth: 'admin', body: banBody, detail: userOperations.banUser },
    )
    .delete(
      '/:id/ban',
      async ({ user, request, server, params, set }) => {
        await unbanUser(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: userOperations.unbanUser },
    )
    .delete(
      '/:id/sessions',
      async ({ user, request, server, params, set }) => {
        await endSessionsOf(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: userOperations.endUserSessions },
    )
    .post(
      '/:id/reset-mail',
      async ({ user, request, server, params, set }) => {
        await sendResetMail(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: userOperations.sendResetMail },
    )
}

/** Who acts, and from where. */
export function actorOf({ config }: Pick<Deps, 'config'>) {
  return ({ user, request, server }: { user: User; request: Request; server: PeerSource | null }) => ({
    user,
    ip: addressOf({ request, server }, config),
  })
}

function toNewUser(body: typeof newUserBody.static) {
  return {
    email: body.email ?? null,
    phone: body.phone ?? null,
    username: body.username ?? null,
    displayName: body.display_name ?? null,
    role: body.role ?? 'user',
    plan: body.plan ?? null,
    locale: body.locale ?? 'zh',
    delivery: body.delivery,
  }
}

function viewOf(person: Person): typeof personView.static {
  return {
    id: person.uid,
    email: person.email,
    phone: person.phone,
    username: person.username,
    display_name: person.displayName,
    role: person.role,
    plan: person.plan,
    status: person.isActive ? 'active' : 'banned',
    has_password: person.hasPassword,
    sessions: person.sessions,
    last_login_at: person.lastLoginAt?.toISOString() ?? null,
    last_seen_at: person.lastSeenAt?.toISOString() ?? null,
    created_at: person.createdAt.toISOString(),
  }
}
