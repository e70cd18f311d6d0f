import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
import { authGuard } from '../auth/guard.ts'
import { listPlans, type Plan } from '../usage/plans.ts'
import { createPlan, deletePlan, updatePlan } from './change-usage.ts'
import { planOperations } from './operations.ts'
import { newPlanBody, planBody, plansQuery, plansView, planView } from './usage-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024
const usual = { sort: 'name', order: 'asc', limit: null } as const

/** What people may use. */
export function adminPlanRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-plans', prefix: '/api/v1/admin/plans' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ query }) => {
        const page = await listPlans(deps, { search: textOf(query.search) }, pageWishOf(query, usual))
        const items = page.items.map((plan) => ({ ...viewOf(plan), people: plan.people }))
        return { items, next_cursor: page.nextCursor }
      },
      { auth: 'admin', query: plansQuery, response: plansView, detail: planOperations.listPlans },
    )
    .post(
      '',
      async ({ user, request, server, body, set }) => {
        const plan = await createPlan(deps, by({ user, request, server }), body.name, body.limits)
        set.status = 201
        return viewOf(plan)
      },
      { auth: 'admin', body: newPlanBody, response: { 201: planView }, detail: planOperations.createPlan },
    )
    .put(
      '/:name',
      async ({ user, request, server, params, body }) =>
        viewOf(await updatePlan(deps, by({ user, request, server }), params.name, body.limits)),
      { auth: 'admin', body: planBody, response: planView, detail: planOperations.updatePlan },
    )
    .delete(
      '/:name',
      async ({ user, request, server, params, set }) => {
        await deletePlan(deps, by({ user, request, server }), params.name)
        set.status = 204
      },
      { auth: 'admin', detail: planOperations.deletePlan },
    )
}

function viewOf({ name, limits, updatedAt }: Plan): typeof planView.static {
  return { name, limits, updated_at: updatedAt.toISOString() }
}
