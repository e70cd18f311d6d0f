import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import { archiveConversation } from './archive-conversation.ts'
import { viewOfConversation } from './conversation-view.ts'
import { createConversation } from './create-conversation.ts'
import { deleteConversation, restoreConversation } from './delete-conversation.ts'
import { deleteMessage } from './delete-message.ts'
import { forkConversation } from './fork-conversation.ts'
import { getConversation } from './get-conversation.ts'
import { listConversations } from './list-conversations.ts'
import { listMessages } from './list-messages.ts'
import { viewOfMessage } from './message-view.ts'
import { operations } from './operations.ts'
import { rateMessage } from './rate-message.ts'
import {
  conversationsQuery,
  conversationsView,
  conversationView,
  createBody,
  forkBody,
  messagesQuery,
  messagesView,
  ratingBody,
  updateBody,
} from './schema.ts'
import { toParameters } from './to-parameters.ts'
import { updateConversation } from './update-conversation.ts'

/** A system prompt of 32 KiB takes six times as much where every character is escaped. */
const maxBodyBytes = 256 * 1024
const defaultLimit = 30

/** What there is of conversations: their lists, their branches, what may be changed. Questions are asked elsewhere. */
export function conversationRoutes(deps: Deps) {
  return new Elysia({ name: 'conversations' }).use(wholeRoutes(deps)).use(partRoutes(deps))
}

function wholeRoutes(deps: Deps) {
  return new Elysia({ name: 'conversations-whole', prefix: '/api/v1/conversations' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '',
      async ({ user, query }) => {
        const { archived, deleted, tag, cursor, limit = defaultLimit } = query
        const shelf = deleted === 'true' ? 'deleted' : archived === 'true' ? 'archived' : 'current'
        const wish = { shelf, tag: tag || null, cursor: cursor || null, limit } as const
        const page = await listConversations(deps, user.id, wish)
        return { items: page.items.map(viewOfConversation), next_cursor: page.nextCursor }
      },
      {
        auth: 'user',
        query: conversationsQuery,
        response: conversationsView,
        detail: operations.listConversations,
      },
    )
    .post(
      '',
      async ({ user, body, set }) => {
        set.status = 201
        return viewOfConversation(await createConversation(deps, user.id, toWish(body ?? {})))
      },
      {
        auth: 'user',
        body: createBody,
        response: { 201: conversationView },
        detail: operations.createConversation,
      },
    )
    .get(
      '/:id',
      async ({ user, params }) =>
        viewOfConversation(await getConversation(deps, user.id, checkId(params.id))),
      {
        auth: 'user',
        response: conversationView,
        detail: operations.getConversation,
      },
    )
    .put(
      '/:id',
      async ({ user, params, body }) =>
        viewOfConversation(await updateConversation(deps, user.id, checkId(params.id), toWishes(body))),
      { auth: 'user', body: updateBody, response: conversationView, detail: operations.updateConversation },
    )
    .post(
      '/:id/archive',
      async ({ user, params }) =>
        viewOfConversation(await archiveConversation(deps, user.id, checkId(params.id), true)),
      { auth: 'user', response: conversationView, detail: operations.archiveConversation },
    )
    .post(
      '/:id/unarchive',
      async ({ user, params }) =>
        viewOfConversation(await archiveConversation(deps, user.id, checkId(params.id), false)),
      { auth: 'user', response: conversationView, detail: operations.unarchiveConversation },
    )
    .delete(
      '/:id',
      async ({ user, params, set }) => {
        await deleteConversation(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.deleteConversation },
    )
    .post(
      '/:id/restore',
      async ({ user, params }) =>
        viewOfConversation(await restoreConversation(deps, user.id, checkId(params.id))),
      { auth: 'user', response: conversationView, detail: operations.restoreConversation },
    )
    .post(
      '/:id/fork',
      async ({ user, params, body, set }) => {
        const messageId = body?.message_id ?? null
        const fork = await forkConversation(deps, user.id, checkId(params.id), messageId)
        set.status = 201
        return viewOfConversation(fork)
      },
      {
        auth: 'user',
        body: forkBody,
        response: { 201: conversationView },
        detail: operations.forkConversation,
      },
    )
}

function partRoutes(deps: Deps) {
  return new Elysia({ name: 'conversations-parts', prefix: '/api/v1' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '/conversations/:id/messages',
      async ({ user, params, query }) => {
        const { leaf, cursor, limit = defaultLimit } = query
        const page = await listMessages(deps, user.id, checkId(params.id), {
          leafId: leaf ? checkId(leaf) : null,
          cursor: cursor || null,
          limit,
        })
        return { items: page.items.map(viewOfMessage), next_cursor: page.nextCursor }
      },
      { auth: 'user', query: messagesQuery, response: messagesView, detail: operations.listMessages },
    )
    .delete(
      '/messages/:id',
      async ({ user, params, set }) => {
        await deleteMessage(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.deleteMessage },
    )
    .post(
      '/messages/:id/rating',
      async ({ user, params, body, set }) => {
        const { rating, note = null } = body
        await rateMessage(deps, user.id, checkId(params.id), { rating, note })
        set.status = 204
      },
      { auth: 'user', body: ratingBody, detail: operations.rateMessage },
    )
    .delete(
      '/messages/:id/rating',
      async ({ user, params, set }) => {
        await rateMessage(deps, user.id, checkId(params.id), { rating: null, note: null })
        set.status = 204
      },
      { auth: 'user', detail: operations.unrateMessage },
    )
}

function toWish(body: NonNullable<typeof createBody.static>) {
  return {
    title: body.title ?? null,
    model: body.model ?? null,
    systemPrompt: body.system_prompt ?? null,
    parameters: toParameters(body.parameters),
    isTemporary: body.temporary ?? false,
  }
}

function toWishes(body: typeof updateBody.static) {
  return {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.pinned === undefined ? {} : { isPinned: body.pinned }),
    ...(body.model === undefined ? {} : { model: body.model }),
    ...(body.system_prompt === undefined ? {} : { systemPrompt: body.system_prompt }),
    ...(body.parameters === undefined ? {} : { parameters: toParameters(body.parameters) }),
    ...(body.current_message_id === undefined ? {} : { currentMessageId: body.current_message_id }),
  }
}
