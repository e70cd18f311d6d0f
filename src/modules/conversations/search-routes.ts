import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import { readMoment } from './moment.ts'
import { libraryOperations } from './operations.ts'
import { search } from './search.ts'
import type { Found } from './search-messages.ts'
import { searchQuery, searchView } from './search-schema.ts'

const defaultLimit = 30

/** What a person has said, was told, or has named, found again. */
export function searchRoutes(deps: Deps) {
  return new Elysia({ name: 'search', prefix: '/api/v1' }).use(authGuard(deps)).get(
    '/search',
    async ({ user, query }) => {
      const { q, conversation_id, role, archived, from, to, cursor, limit = defaultLimit } = query
      const page = await search(deps, user.id, {
        text: q,
        conversationId: conversation_id ? checkId(conversation_id) : null,
        role: role ?? null,
        isArchived: archived === undefined ? null : archived === 'true',
        from: from ? readMoment('from', from) : null,
        to: to ? readMoment('to', to) : null,
        cursor: cursor || null,
        limit,
      })
      return { items: page.items.map(viewOf), next_cursor: page.nextCursor }
    },
    { auth: 'user', query: searchQuery, response: searchView, detail: libraryOperations.search },
  )
}

function viewOf(found: Found): (typeof searchView.static)['items'][number] {
  return {
    conversation_id: found.conversationId,
    conversation_title: found.title,
    message_id: found.role === null ? null : found.id,
    role: found.role,
    snippet: found.snippet,
    created_at: `${found.at.slice(0, -3)}Z`,
  }
}
