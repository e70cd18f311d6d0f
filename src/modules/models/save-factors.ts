import type { Deps } from '../../deps.ts'
import { saveFactors } from './store.ts'

/** Writes down what was learned since the last time. Of several instances the last one wins. */
export async function saveLearnedFactors({
  db,
  tokenFactors,
}: Pick<Deps, 'db' | 'tokenFactors'>): Promise<void> {
  const learned = [...tokenFactors].filter(([, { isSaved }]) => !isSaved)
  if (learned.length === 0) return
  await saveFactors(
    db,
    learned.map(([model, { factor, answers }]) => ({ model, factor, answers })),
  )
  for (const [, entry] of learned) entry.isSaved = true
}
