import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import { changeMany } from './change-many.ts'
import { viewOfConversation } from './conversation-view.ts'
import { createTag } from './create-tag.ts'
import { deleteTag } from './delete-tag.ts'
import { type ListedTag, listTags } from './list-tags.ts'
import { libraryOperations as operations } from './operations.ts'
import { renameTag } from './rename-tag.ts'
import { conversationView } from './schema.ts'
import { setTags } from './set-tags.ts'
import {
  manyBody,
  manyView,
  newTagBody,
  tagBody,
  tagsBody,
  tagsQuery,
  tagsView,
  tagView,
} from './tag-schema.ts'

const maxBodyBytes = 64 * 1024

/** A person's own words for his conversations, and what he does to many of them at once. */
export function tagRoutes(deps: Deps) {
  return new Elysia({ name: 'tags', prefix: '/api/v1' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get(
      '/tags',
      async ({ user, query }) => {
        const tags = await listTags(deps, user.id, query.sort ?? 'name')
        return { items: tags.map(viewOfTag), next_cursor: null }
      },
      { auth: 'user', query: tagsQuery, response: tagsView, detail: operations.listTags },
    )
    .post(
      '/tags',
      async ({ user, body, set }) => {
        const tag = await createTag(deps, user.id, body.name)
        set.status = 201
        return tag
      },
      { auth: 'user', body: newTagBody, response: { 201: tagView }, detail: operations.createTag },
    )
    .put(
      '/tags/:id',
      async ({ user, params, body: { name, merge = false } }) =>
        renameTag(deps, user.id, checkId(params.id), { name, merge }),
      { auth: 'user', body: tagBody, response: tagView, detail: operations.renameTag },
    )
    .delete(
      '/tags/:id',
      async ({ user, params, set }) => {
        await deleteTag(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.deleteTag },
    )
    .put(
      '/conversations/:id/tags',
      async ({ user, params, body }) =>
        viewOfConversation(await setTags(deps, user.id, checkId(params.id), body.tags)),
      { auth: 'user', body: tagsBody, response: conversationView, detail: operations.setTags },
    )
    .post(
      '/conversations/bulk',
      async ({ user, body: { tag = null, ...wish } }) => {
        const changed = await changeMany(deps, user.id, { ...wish, tag })
        return {
          items: changed.map(({ id, isFound }) => ({ id, status: isFound ? 'ok' : 'not_found' }) as const),
        }
      },
      { auth: 'user', body: manyBody, response: manyView, detail: operations.changeMany },
    )
}

function viewOfTag({ lastUsedAt, ...tag }: ListedTag): (typeof tagsView.static.items)[number] {
  return { ...tag, last_used_at: lastUsedAt?.toISOString() ?? null }
}
