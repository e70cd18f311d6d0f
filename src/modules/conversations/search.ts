import type { Deps } from '../../deps.ts'
import { AppError, causesOf, findAppError } from '../../errors.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { countHit } from '../../lib/limits.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { createJudge } from './find-hits.ts'
import { isMoment } from './moment.ts'
import { parseSearch, patternsOf, phrasesOf, termsOfNeeds } from './parse-search.ts'
import { type Found, judged, searchMessages } from './search-messages.ts'
import { inSearch, listTitles, type Place, type Wanted } from './search-store.ts'
import { formatTerms, restTerm } from './search-terms.ts'

export interface SearchWish {
  text: string
  /** null, here and below: any. */
  conversationId: string | null
  /** With a role no titles are found. */
  role: 'user' | 'assistant' | null
  isArchived: boolean | null
  from: Date | null
  /** Not this moment itself. */
  to: Date | null
  cursor: string | null
  limit: number
}

export interface SearchPage {
  /** Newest first. */
  items: Found[]
  /** null: there is nothing more. Otherwise there may be, also behind a page that is not full. */
  nextCursor: string | null
}

/**
 * Finds what a person has asked, was answered, or has called a conversation; not in the bin, and not in temporary ones.
 * Throws `invalid_request`, `rate_limited`, and `dependency_down` for what takes too long.
 */
export async function search(
  { db, kv, config }: Pick<Deps, 'db' | 'kv' | 'config'>,
  userId: number,
  wish: SearchWish,
): Promise<SearchPage> {
  const needs = parseSearch(wish.text)
  const before = wish.cursor === null ? null : toPlace(wish.cursor)
  await countHit(kv, `rl:search:user:${userId}`, config.limits.searchUser)
  const terms = termsOfNeeds(userId, needs)
  const wanted: Wanted = {
    ...wish,
    userId,
    terms: terms.length === 0 ? null : formatTerms(terms),
    rest: formatTerms([restTerm(userId)]),
    patterns: patternsOf(needs),
    phrases: phrasesOf(needs),
    before,
  }
  const judge = createJudge(needs)
  try {
    return await inSearch(db, async (tx) => {
      const messages = await searchMessages(tx, wanted, judge, wish.limit)
      const titles = wish.role === null ? await listTitles(tx, wanted, wish.limit + 1) : []
      return toPage([...messages.found, ...judged(titles, judge)], messages.cutAt, wish.limit)
    })
  } catch (error) {
    throw isOutOfTime(error) ? tooSlow(error) : error
  }
}

/** `cutAt`: what comes after it has not been looked at. */
function toPage(found: Found[], cutAt: Place | null, limit: number): SearchPage {
  const known = cutAt === null ? found : found.filter((item) => compare(item, cutAt) <= 0)
  const items = known.sort(compare).slice(0, limit)
  const last = items.at(-1)
  if (known.length > limit && last !== undefined) return { items, nextCursor: toCursor(last) }
  return { items, nextCursor: cutAt === null ? null : toCursor(cutAt) }
}

/** Newest first. */
function compare(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  if (a.id === b.id) return 0
  return a.id < b.id ? 1 : -1
}

function toCursor({ at, id }: Place): string {
  return encodeCursor({ at, id })
}

function toPlace(cursor: string): Place {
  const { at, id } = decodeCursor(cursor) ?? {}
  if (isMoment(at) && typeof id === 'string' && isId(id)) return { at, id }
  throw invalidField('cursor', 'This is no cursor of ours')
}

/** The server's own time limit (57014). */
function isOutOfTime(error: unknown): boolean {
  return [...causesOf(findAppError(error) ?? error)].some(
    (cause) => (cause as { code?: string }).code === '57014',
  )
}

function tooSlow(cause: unknown): AppError {
  return new AppError('dependency_down', 'The search took too long: look for more words, or longer ones', {
    cause,
  })
}
