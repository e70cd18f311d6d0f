import type { Deps } from '../../deps.ts'
import { purgeAllOf } from './store.ts'

/** Few, as each takes its messages along. */
const batchSize = 20

/** All conversations of somebody, at once and for good. */
export async function deleteConversationsOf({ db }: Pick<Deps, 'db'>, userId: number): Promise<void> {
  while ((await purgeAllOf(db, userId, batchSize)) === batchSize);
}
