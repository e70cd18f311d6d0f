import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { formatTerms, termsOf } from './search-terms.ts'
import {
  setMessageTerms,
  setTitleTerms,
  takeUnindexedMessages,
  takeUnindexedTitles,
  type UnindexedText,
} from './terms-store.ts'

/** So that nobody who writes there waits for long, and long texts do not fill the memory. */
const batchSize = 50

/**
 * Works out the terms of texts that were written without: by an earlier release, or copied from somebody else. False:
 * there may be more. Several instances at once do different ones.
 */
export async function indexTexts({ db }: Pick<Deps, 'db'>): Promise<boolean> {
  const messages = await indexBatch(db, takeUnindexedMessages, setMessageTerms)
  const titles = await indexBatch(db, takeUnindexedTitles, setTitleTerms)
  return messages < batchSize && titles < batchSize
}

function indexBatch(
  db: Db,
  take: typeof takeUnindexedMessages,
  set: typeof setMessageTerms,
): Promise<number> {
  return db.transaction(async (tx) => {
    const texts = await take(tx, batchSize)
    if (texts.length > 0) await set(tx, texts.map(toIndexed))
    return texts.length
  })
}

function toIndexed({ id, userId, text }: UnindexedText) {
  return { id, terms: formatTerms(termsOf(userId, text)) }
}
