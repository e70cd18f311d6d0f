import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { clientOf } from '../../http/client-ip.ts'
import { sendJson } from '../../http/send-json.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import { conversationView } from '../conversations/schema.ts'
import { viewOfCopy } from './copied-view.ts'
import { copyShare } from './copy-share.ts'
import { countReader } from './count-reader.ts'
import { createShare } from './create-share.ts'
import { listShares } from './list-shares.ts'
import { operations } from './operations.ts'
import { readShare } from './read-share.ts'
import { shareBody, shareChangesBody, sharedView, sharesQuery, sharesView, shareView } from './schema.ts'
import type { Share } from './share.ts'
import { updateShare } from './update-share.ts'
import { withdrawShare } from './withdraw-share.ts'

const maxBodyBytes = 16 * 1024
const defaultLimit = 30

/** Kept by nobody who does not ask each time whether it still is there; found by no search engine. */
const headersOfShared = { 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex, nofollow' }

/** Public links to what was said: their owner's side, and their readers'. */
export function shareRoutes(deps: Deps) {
  return new Elysia({ name: 'shares' }).use(ownerRoutes(deps)).use(readerRoutes(deps))
}

function ownerRoutes(deps: Deps) {
  const { config } = deps
  return new Elysia({ name: 'shares-owner', prefix: '/api/v1' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .post(
      '/conversations/:id/shares',
      async ({ user, params, body, set }) => {
        const share = await createShare(deps, user.id, checkId(params.id), toWish(body ?? {}))
        set.status = 201
        return viewOf(config, share)
      },
      { auth: 'user', body: shareBody, response: { 201: shareView }, detail: operations.createShare },
    )
    .get(
      '/shares',
      async ({ user, query: { cursor, limit = defaultLimit } }) => {
        const page = await listShares(deps, user.id, { cursor: cursor || null, limit })
        return { items: page.items.map((share) => viewOf(config, share)), next_cursor: page.nextCursor }
      },
      { auth: 'user', query: sharesQuery, response: sharesView, detail: operations.listShares },
    )
    .put(
      '/shares/:id',
      async ({ user, params, body }) =>
        viewOf(config, await updateShare(deps, user.id, checkId(params.id), toWishes(body))),
      { auth: 'user', body: shareChangesBody, response: shareView, detail: operations.updateShare },
    )
    .delete(
      '/shares/:id',
      async ({ user, params, set }) => {
        await withdrawShare(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.deleteShare },
    )
}

function readerRoutes(deps: Deps) {
  return new Elysia({ name: 'shares-readers', prefix: '/api/v1/shared' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .onBeforeHandle(({ request, server }) => countReader(deps, clientOf({ request, server }, deps.config).ip))
    .get(
      '/:token',
      async ({ request, params }) => sendJson(await readShare(deps, params.token), request, headersOfShared),
      { response: sharedView, detail: operations.getShared },
    )
    .post(
      '/:token/copy',
      async ({ user, params, set }) => {
        const copy = await copyShare(deps, user.id, params.token)
        set.status = 201
        return viewOfCopy(copy)
      },
      { auth: 'user', response: { 201: conversationView }, detail: operations.copyShared },
    )
}

type NewBody = NonNullable<typeof shareBody.static>

function toWish(body: NewBody) {
  return {
    leafMessageId: body.leaf_message_id ? checkId(body.leaf_message_id) : null,
    title: body.title ?? null,
    displayName: body.display_name ?? null,
    ...toExpiryWish(body),
  }
}

function toWishes(body: typeof shareChangesBody.static) {
  return {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.display_name === undefined ? {} : { displayName: body.display_name }),
    ...toExpiryWish(body),
  }
}

function toExpiryWish(body: Pick<NewBody, 'expires_at' | 'expires_in_seconds'>) {
  return {
    ...(body.expires_at === undefined ? {} : { expiresAt: body.expires_at }),
    ...(body.expires_in_seconds === undefined ? {} : { expiresInSeconds: body.expires_in_seconds }),
  }
}

function viewOf({ frontendBaseUrl }: Deps['config'], share: Share): typeof shareView.static {
  return {
    id: share.id,
    url: `${frontendBaseUrl}/s/${share.token}`,
    token: share.token,
    conversation_id: share.conversationId,
    title: share.title,
    display_name: share.displayName,
    created_at: share.createdAt.toISOString(),
    expires_at: share.expiresAt?.toISOString() ?? null,
  }
}
