import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import { adminCodeRoutes } from './code-routes.ts'
import { adminInviteRoutes } from './invite-routes.ts'
import { listActs } from './list-acts.ts'
import { adminModelRoutes } from './model-routes.ts'
import { operations } from './operations.ts'
import { adminOverviewRoutes } from './overview-routes.ts'
import { adminPlanRoutes } from './plan-routes.ts'
import { adminProviderKeyRoutes } from './provider-key-routes.ts'
import { adminQuotaRoutes } from './quota-routes.ts'
import { actsQuery, actsView } from './schema.ts'
import { adminSettingsRoutes } from './settings-routes.ts'
import type { RecordedAct } from './store.ts'
import { adminUserRoutes } from './user-routes.ts'

const defaultLimit = 30

/** What administrators do, and see of what they did. */
export function adminRoutes(deps: Deps) {
  return new Elysia({ name: 'admin' })
    .use(auditRoutes(deps))
    .use(adminOverviewRoutes(deps))
    .use(adminUserRoutes(deps))
    .use(adminModelRoutes(deps))
    .use(adminProviderKeyRoutes(deps))
    .use(adminInviteRoutes(deps))
    .use(adminSettingsRoutes(deps))
    .use(adminPlanRoutes(deps))
    .use(adminQuotaRoutes(deps))
    .use(adminCodeRoutes(deps))
}

function auditRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-audit', prefix: '/api/v1/admin' }).use(authGuard(deps)).get(
    '/audit-log',
    async ({ query: { cursor, limit = defaultLimit, action, target_id, actor_id } }) => {
      const filter = { action: action || null, targetId: target_id || null, actorUid: actor_id || null }
      const page = await listActs(deps, filter, { cursor: cursor || null, limit })
      return { items: page.items.map(viewOfAct), next_cursor: page.nextCursor }
    },
    { auth: 'admin', query: actsQuery, response: actsView, detail: operations.listActs },
  )
}

function viewOfAct(act: RecordedAct): (typeof actsView.static.items)[number] {
  return {
    id: act.id,
    action: act.action,
    actor_id: act.actorUid,
    actor_name: act.actorName,
    target_type: act.targetType,
    target_id: act.targetId,
    ip: act.ip,
    before: act.before,
    after: act.after,
    created_at: act.createdAt.toISOString(),
  }
}
