import type { Deps } from '../../deps.ts'
import { deletePerson as remove } from './people-store.ts'

/**
 * An account, with all that the database has of it. What was used stays in the ledger, of nobody; so does the name in
 * what was written down of what he did. Nothing happens where it is gone already.
 */
export async function deletePerson({ db }: Pick<Deps, 'db'>, id: number): Promise<void> {
  await remove(db, id)
}
