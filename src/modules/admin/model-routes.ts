import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
import { authGuard } from '../auth/guard.ts'
import type { ModelChanges, StoredModel } from '../models/edit-models.ts'
import { isUsable, listStoredModels } from '../models/list-stored-models.ts'
import { refreshModels } from '../models/refresh-models.ts'
import { createModel, deleteModel, updateModel } from './change-models.ts'
import {
  modelChangesBody,
  newModelBody,
  storedModelsQuery,
  storedModelsView,
  storedModelView,
} from './model-schema.ts'
import { modelOperations } from './operations.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 64 * 1024
const usual = { sort: 'position', order: 'asc', limit: null } as const

/** What the operator says about models, beside the settings. */
export function adminModelRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-models', prefix: '/api/v1/admin/models' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ query }) => {
        await refreshModels(deps)
        const { search, provider, status } = query
        const filter = { search: textOf(search), provider: textOf(provider), status: status ?? null }
        const page = await listStoredModels(deps, filter, pageWishOf(query, usual))
        return { items: page.items.map((model) => viewOf(deps, model)), next_cursor: page.nextCursor }
      },
      {
        auth: 'admin',
        query: storedModelsQuery,
        response: storedModelsView,
        detail: modelOperations.listModelEntries,
      },
    )
    .post(
      '',
      async ({ user, request, server, body, set }) => {
        const { provider, upstream } = body
        const wish = { ...toChanges(body), provider, upstream }
        const model = await createModel(deps, by({ user, request, server }), wish)
        set.status = 201
        return viewOf(deps, model)
      },
      {
        auth: 'admin',
        body: newModelBody,
        response: { 201: storedModelView },
        detail: modelOperations.createModelEntry,
      },
    )
    .put(
      '/:id',
      async ({ user, request, server, params, body }) =>
        viewOf(deps, await updateModel(deps, by({ user, request, server }), params.id, toChanges(body))),
      {
        auth: 'admin',
        body: modelChangesBody,
        response: storedModelView,
        detail: modelOperations.updateModelEntry,
      },
    )
    .delete(
      '/:id',
      async ({ user, request, server, params, set }) => {
        await deleteModel(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: modelOperations.deleteModelEntry },
    )
}

function toChanges(body: typeof modelChangesBody.static): ModelChanges {
  const { prices, capabilities } = body
  return {
    modelId: body.model_id,
    provider: body.provider,
    upstream: body.upstream,
    name: body.name,
    isEnabled: body.enabled,
    position: body.position,
    contextWindow: body.context_window,
    maxOutputTokens: body.max_output_tokens,
    ...(prices === undefined
      ? {}
      : {
          inputMicros: prices?.input ?? null,
          cachedInputMicros: prices?.cached_input ?? null,
          outputMicros: prices?.output ?? null,
          reasoningMicros: prices?.reasoning ?? null,
        }),
    pictureMicros: body.picture_price,
    draws: body.draws,
    ...(capabilities && {
      hasVision: capabilities.vision,
      hasReasoning: capabilities.reasoning,
      hasTools: capabilities.tools,
    }),
    plans: body.plans,
    fallbacks: body.fallbacks,
  }
}

function viewOf(deps: Deps, model: StoredModel): typeof storedModelView.static {
  const { inputMicros: input, outputMicros: output } = model
  return {
    id: model.id,
    model_id: model.modelId,
    provider: model.provider,
    upstream: model.upstream,
    name: model.name,
    enabled: model.isEnabled,
    position: model.position,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    prices:
      input === null || output === null
        ? null
        : { input, cached_input: model.cachedInputMicros, output, reasoning: model.reasoningMicros },
    picture_price: model.pictureMicros,
    draws: model.draws,
    capabilities: { vision: model.hasVision, reasoning: model.hasReasoning, tools: model.hasTools },
    plans: model.plans,
    fallbacks: model.fallbacks,
    usable: isUsable(deps, model),
    created_at: model.createdAt.toISOString(),
    updated_at: model.updatedAt.toISOString(),
  }
}
