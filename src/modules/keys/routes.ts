import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { jsonBody } from '../../http/body.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import type { KeyWish } from './check-wish.ts'
import { createKey } from './create-key.ts'
import { getKey } from './get-key.ts'
import type { KeyView } from './key.ts'
import { listKeys } from './list-keys.ts'
import { operations } from './operations.ts'
import { revokeKey } from './revoke-key.ts'
import { keyBody, keysView, keyView, newKeyBody, newKeyView } from './schema.ts'
import { updateKey } from './update-key.ts'

const maxBodyBytes = 64 * 1024

/** A person's API keys. Nobody gets at them with such a key. */
export function keyRoutes(deps: Deps) {
  return new Elysia({ name: 'keys', prefix: '/api/v1/keys' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .post(
      '',
      async ({ user, body, set }) => {
        const { key, text } = await createKey(deps, user.id, { ...toWish(body), name: body.name })
        set.status = 201
        // Nobody on the way may keep it.
        set.headers['cache-control'] = 'no-store'
        return { key: text, ...viewOf(key) }
      },
      {
        auth: 'user',
        transform: refuseStray,
        body: newKeyBody,
        response: { 201: newKeyView },
        detail: operations.createKey,
      },
    )
    .get(
      '',
      async ({ user }) => ({ items: (await listKeys(deps, user.id)).map(viewOf), next_cursor: null }),
      {
        auth: 'user',
        response: keysView,
        detail: operations.listKeys,
      },
    )
    .get('/:id', async ({ user, params }) => viewOf(await getKey(deps, user.id, checkId(params.id))), {
      auth: 'user',
      response: keyView,
      detail: operations.getKey,
    })
    .put(
      '/:id',
      async ({ user, params, body }) =>
        viewOf(await updateKey(deps, user.id, checkId(params.id), toWish(body))),
      {
        auth: 'user',
        transform: refuseStray,
        body: keyBody,
        response: keyView,
        detail: operations.updateKey,
      },
    )
    .delete(
      '/:id',
      async ({ user, params, set }) => {
        await revokeKey(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.revokeKey },
    )
}

/** What the framework would take for nothing, so that a key would be without the bounds that were meant for it. */
function refuseStray({ body }: { body: unknown }): void {
  if (typeof body !== 'object' || body === null) return
  const stray = Object.keys(body).find((name) => !Object.hasOwn(keyBody.properties, name))
  if (stray !== undefined) throw invalidField(stray, 'There is no such field')
  const quota = 'quota' in body ? body.quota : null
  if (typeof quota !== 'object' || Array.isArray(quota)) throw invalidField('quota', 'Expected an object')
}

function invalidField(path: string, message: string): AppError {
  return new AppError('invalid_request', 'The request is not valid', { faults: [{ path, message }] })
}

function toWish(body: typeof keyBody.static): KeyWish {
  const { name, scopes, models, expires_at, quota, rate, allowed_addresses } = body
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(models === undefined ? {} : { models }),
    ...(expires_at === undefined ? {} : { expiresAt: expires_at }),
    ...(quota === undefined ? {} : { limits: quota }),
    ...(rate === undefined ? {} : { rate: rate && { count: rate.requests, windowSeconds: rate.seconds } }),
    ...(allowed_addresses === undefined ? {} : { allowedAddresses: allowed_addresses }),
  }
}

function viewOf(key: KeyView): typeof keyView.static {
  return {
    id: key.id,
    name: key.name,
    prefix: 'cc-',
    last_four: key.ending,
    scopes: key.scopes,
    models: key.models,
    expires_at: key.expiresAt?.toISOString() ?? null,
    quota: key.limits,
    rate: key.rate && { requests: key.rate.count, seconds: key.rate.windowSeconds },
    allowed_addresses: key.allowedAddresses,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  }
}
