import type { StoredBlob } from '../../blobs/blobs.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { blobKeyOf, type Image } from './image.ts'
import { findReady } from './store.ts'

/** Throws `not_found`; another's is none. */
export async function getImage({ db }: Pick<Deps, 'db'>, userId: number, id: string): Promise<Image> {
  const image = await findReady(db, userId, id)
  if (image === null) throw notFound()
  return image
}

/** The picture itself. Throws `not_found`, `dependency_down`. */
export async function openImage(
  deps: Pick<Deps, 'db' | 'blobs'>,
  userId: number,
  id: string,
): Promise<{ image: Image; blob: StoredBlob }> {
  const image = await getImage(deps, userId, id)
  const blob = await deps.blobs.get(blobKeyOf(id))
  if (blob === null) throw notFound()
  return { image, blob }
}

function notFound(): AppError {
  return new AppError('not_found', 'No such picture')
}
