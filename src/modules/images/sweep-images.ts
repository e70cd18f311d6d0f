import type { Deps } from '../../deps.ts'
import { describeError } from '../../lib/describe-error.ts'
import { blobKeyOf } from './image.ts'
import { deleteUnready } from './store.ts'

type SweepDeps = Pick<Deps, 'db' | 'blobs' | 'log'>

/**
 * Deletes pictures that are not ready: first the blob, then the row that names it. What cannot be deleted now stays
 * for the next time. Does not reject.
 */
export async function sweepImages({ db, blobs, log }: SweepDeps, ids: string[]): Promise<void> {
  for (const id of ids) {
    try {
      await blobs.delete(blobKeyOf(id))
      await deleteUnready(db, id)
    } catch (error) {
      log.warn({ image_id: id, error: describeError(error) }, 'a picture could not be deleted for now')
    }
  }
}
