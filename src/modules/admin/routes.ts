import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
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

const usual = { sort: 'created', order: 'desc', limit: 30 } as const

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
    async ({ query }) => {
      const filter = {
        action: textOf(query.action),
        targetId: textOf(query.target_id),
        actorUid: textOf(query.actor_id),
        actor: textOf(query.actor),
        target: textOf(query.target),
      }
      const page = await listActs(deps, filter, pageWishOf(query, usual))
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
    target_name: act.targetName,
    ip: act.ip,
    before: act.before,
    after: act.after,
    created_at: act.createdAt.toISOString(),
  }
}
