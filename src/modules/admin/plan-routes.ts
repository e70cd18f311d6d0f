import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { authGuard } from '../auth/guard.ts'
import { listPlans, type Plan } from '../usage/plans.ts'
import { createPlan, deletePlan, updatePlan } from './change-usage.ts'
import { planOperations } from './operations.ts'
import { newPlanBody, planBody, plansView, planView } from './usage-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024

/** What people may use. */
export function adminPlanRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-plans', prefix: '/api/v1/admin/plans' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get('', async () => ({ items: (await listPlans(deps)).map(viewOf), next_cursor: null }), {
      auth: 'admin',
      response: plansView,
      detail: planOperations.listPlans,
    })
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
