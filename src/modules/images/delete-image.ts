import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { unmarkReady } from './store.ts'
import { sweepImages } from './sweep-images.ts'

/** At once and for good. Where its storage is away the bytes go later. Throws `not_found`. */
export async function deleteImage(
  deps: Pick<Deps, 'db' | 'blobs' | 'log'>,
  userId: number,
  id: string,
): Promise<void> {
  if (!(await unmarkReady(deps.db, userId, id))) throw new AppError('not_found', 'No such picture')
  await sweepImages(deps, [id])
}
