import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { listOf, unmarkAllReady } from './store.ts'
import { sweepImages } from './sweep-images.ts'

const batchSize = 100

/** All pictures of somebody, at once and for good. Throws `dependency_down` where their storage is away. */
export async function deleteImagesOf(
  deps: Pick<Deps, 'db' | 'blobs' | 'log'>,
  userId: number,
): Promise<void> {
  await unmarkAllReady(deps.db, userId)
  for (;;) {
    const ids = await listOf(deps.db, userId, batchSize)
    if (ids.length === 0) return
    await sweepImages(deps, ids)
    const left = await listOf(deps.db, userId, batchSize)
    if (left.some((id) => ids.includes(id))) {
      throw new AppError('dependency_down', 'The pictures cannot be deleted at the moment')
    }
  }
}
