import type { Deps } from '../../deps.ts'
import { noShare } from './share.ts'
import { deleteShare } from './store.ts'

/** From now on the link leads nowhere. Throws `not_found`. */
export async function withdrawShare({ db }: Pick<Deps, 'db'>, userId: number, id: string): Promise<void> {
  if (!(await deleteShare(db, userId, id))) throw noShare()
}
