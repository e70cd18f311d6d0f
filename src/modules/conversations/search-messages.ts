import type { Db } from '../../db/db.ts'
import type { Judge, SnippetPart } from './find-hits.ts'
import {
  type Candidate,
  findEnd,
  listFew,
  listInConversation,
  listMany,
  listRecent,
  type Place,
  type Wanted,
} from './search-store.ts'

export interface Found extends Candidate {
  snippet: SnippetPart[]
}

/** So many candidates the index may find before it is quicker to read on one by one. */
const few = 1000
/** So many are read: before the index is asked, and after it. */
const depths = { newest: 1000, recent: 3000 }
/** So many are looked at for one page, or as many steps taken, before it is sent as it is. */
const mostJudged = 1000
const mostSteps = 4
const mostAtOnce = 200

/**
 * The first hits, one more than `limit` if there are so many. `cutAt`: no further was looked; null: to the end, or
 * there is enough. What is frequent is among the newest, and to read these costs less than to ask the index, which
 * counts all there are of a word; what is rare the index finds at once.
 */
export async function searchMessages(
  db: Db,
  wanted: Wanted,
  judge: Judge,
  limit: number,
): Promise<{ found: Found[]; cutAt: Place | null }> {
  const found: Found[] = []
  const ways = waysFor(wanted)
  let before = wanted.before
  let batch = limit + 1
  let looked = 0
  for (let steps = 0; ; steps++) {
    const { candidates, next } = await step(db, { ...wanted, before }, batch, ways)
    found.push(...judged(candidates, judge))
    looked += candidates.length
    if (found.length > limit || next === null) return { found, cutAt: null }
    // No index knows phrases: whoever looks for one gets what is there before thousands more are read for him.
    if (wanted.phrases.length > 0 && found.length > 0) return { found, cutAt: next }
    if (looked >= mostJudged || steps >= mostSteps) return { found, cutAt: next }
    before = next
    batch = Math.min(batch * 4, mostAtOnce)
  }
}

/** Those that are hits indeed. */
export function judged(candidates: Candidate[], judge: Judge): Found[] {
  return candidates.flatMap((candidate) => {
    const snippet = judge(candidate.text)
    return snippet === null ? [] : [{ ...candidate, snippet }]
  })
}

/** How messages are looked for. The first that turns out not to do is not tried again. */
type Way = 'conversation' | 'newest' | 'few' | 'recent' | 'many'

function waysFor({ terms, conversationId, phrases }: Wanted): Way[] {
  if (conversationId !== null) return ['conversation']
  if (terms === null) return ['recent']
  // Of many that hold the words, all would have to be read for the phrase.
  return phrases.length > 0 ? ['newest', 'few', 'recent'] : ['newest', 'few', 'recent', 'many']
}

/** `next`: where the next step is to begin; null: there is no more. */
async function step(
  db: Db,
  wanted: Wanted,
  limit: number,
  ways: Way[],
): Promise<{ candidates: Candidate[]; next: Place | null }> {
  const [way] = ways
  if (way === 'newest' || way === 'recent') {
    const depth = depths[way]
    const candidates = await listRecent(db, wanted, { limit, depth })
    const isEnough = wanted.phrases.length > 0 && candidates.length > 0
    if (candidates.length === limit) return { candidates, next: endOf(candidates, limit) }
    if (isEnough || ways.length === 1) return { candidates, next: await findEnd(db, wanted, depth) }
  } else {
    const candidates =
      way === 'few'
        ? await listFew(db, wanted, { limit, most: few })
        : await (way === 'many' ? listMany : listInConversation)(db, wanted, limit)
    if (candidates !== null) return { candidates, next: endOf(candidates, limit) }
  }
  ways.shift()
  return step(db, wanted, limit, ways)
}

function endOf(candidates: Candidate[], limit: number): Place | null {
  return candidates.length < limit ? null : (candidates.at(-1) ?? null)
}
