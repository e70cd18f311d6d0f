import type { Deps } from '../../deps.ts'
import { countLetters } from './store.ts'

/** Letters that are not sent yet; of them, those that have been tried in vain. */
export function countWaiting({ db }: Pick<Deps, 'db'>): Promise<{ waiting: number; failing: number }> {
  return countLetters(db)
}
