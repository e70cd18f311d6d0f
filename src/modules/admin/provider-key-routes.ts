import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { pageWishOf, textOf } from '../../http/list-query.ts'
import type { AccessCheck } from '../../llm/llm.ts'
import { authGuard } from '../auth/guard.ts'
import { isReadable, type StoredKey } from '../models/edit-keys.ts'
import { listProviderKeys, restOf } from '../models/list-provider-keys.ts'
import { listProviders } from '../models/list-providers.ts'
import { refreshModels } from '../models/refresh-models.ts'
import {
  createProviderKey,
  deleteProviderKey,
  testProviderKey,
  updateProviderKey,
} from './change-provider-keys.ts'
import { keyOperations } from './operations.ts'
import {
  keyChangesBody,
  keyCheckView,
  keysQuery,
  keysView,
  keyView,
  newKeyBody,
  providersView,
} from './provider-key-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024
const usual = { sort: 'created', order: 'asc', limit: null } as const

/** Keys of providers, which come in and never go out again. */
export function adminProviderKeyRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-provider-keys', prefix: '/api/v1/admin' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '/providers',
      async () => {
        await refreshModels(deps)
        return { items: listProviders(deps).map(viewOfProvider), next_cursor: null }
      },
      { auth: 'admin', response: providersView, detail: keyOperations.listProviders },
    )
    .get(
      '/provider-keys',
      async ({ query }) => {
        const { search, provider, status } = query
        const filter = { search: textOf(search), provider: textOf(provider), status: status ?? null }
        const page = await listProviderKeys(deps, filter, pageWishOf(query, usual))
        return { items: page.items.map((key) => viewOf(deps, key)), next_cursor: page.nextCursor }
      },
      {
        auth: 'admin',
        query: keysQuery,
        response: keysView,
        detail: keyOperations.listProviderKeys,
      },
    )
    .post(
      '/provider-keys',
      async ({ user, request, server, body, set }) => {
        const wish = {
          provider: body.provider,
          name: body.name ?? body.provider,
          baseUrl: body.base_url ?? null,
          apiKey: body.key ?? null,
        }
        const key = await createProviderKey(deps, by({ user, request, server }), wish)
        set.status = 201
        return viewOf(deps, key)
      },
      {
        auth: 'admin',
        body: newKeyBody,
        response: { 201: keyView },
        detail: keyOperations.createProviderKey,
      },
    )
    .put(
      '/provider-keys/:id',
      async ({ user, request, server, params, body }) => {
        const { name, base_url: baseUrl, key: apiKey, enabled: isEnabled } = body
        const changes = { name, baseUrl, apiKey, isEnabled }
        return viewOf(deps, await updateProviderKey(deps, by({ user, request, server }), params.id, changes))
      },
      { auth: 'admin', body: keyChangesBody, response: keyView, detail: keyOperations.updateProviderKey },
    )
    .delete(
      '/provider-keys/:id',
      async ({ user, request, server, params, set }) => {
        await deleteProviderKey(deps, by({ user, request, server }), params.id)
        set.status = 204
      },
      { auth: 'admin', detail: keyOperations.deleteProviderKey },
    )
    .post(
      '/provider-keys/:id/test',
      async ({ user, request, server, params }) =>
        viewOfCheck(await testProviderKey(deps, by({ user, request, server }), params.id)),
      { auth: 'admin', response: keyCheckView, detail: keyOperations.testProviderKey },
    )
}

function viewOf(deps: Deps, key: StoredKey): typeof keyView.static {
  return {
    id: key.id,
    provider: key.provider,
    name: key.name,
    base_url: key.baseUrl,
    last_four: key.lastFour,
    enabled: key.isEnabled,
    readable: isReadable(deps, key),
    rests_for_seconds: restOf(deps, key),
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt.toISOString(),
  }
}

function viewOfProvider(
  provider: ReturnType<typeof listProviders>[number],
): (typeof providersView.static.items)[number] {
  return {
    name: provider.name,
    base_url: provider.baseUrl,
    needs_key: provider.needsKey,
    accesses: provider.accesses.map(({ id, baseUrl, restSeconds }) => ({
      id,
      base_url: baseUrl,
      rests_for_seconds: restSeconds,
    })),
  }
}

function viewOfCheck(check: AccessCheck): typeof keyCheckView.static {
  return check.ok
    ? { ok: true, models: check.models, code: null, status: null, reason: null }
    : { ok: false, models: null, code: check.code, status: check.status, reason: check.reason }
}
