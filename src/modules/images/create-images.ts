import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { countHit } from '../../lib/limits.ts'
import { type Drawing, type DrawnImage, drawImages, type ImageOrder } from './draw-images.ts'
import { blobKeyOf, type Image } from './image.ts'
import { insertImages, markReady } from './store.ts'
import { sweepImages } from './sweep-images.ts'
import { withinQuota } from './within-quota.ts'

/**
 * Has pictures drawn and keeps them. A failure, or somebody who does not wait, leaves nothing behind. Throws
 * `rate_limited`, `quota_exceeded`, `dependency_down`, and what `drawImages` throws.
 */
export async function createImages(
  deps: Deps,
  userId: number,
  order: ImageOrder,
  drawing: Drawing,
): Promise<Image[]> {
  await countHit(deps.kv, `rl:image:user:${userId}`, deps.config.limits.imageUser)
  return withinQuota(deps, { userId, key: null }, async () =>
    keep(deps, userId, order, await drawImages(deps, order, drawing)),
  )
}

async function keep(
  deps: Deps,
  userId: number,
  { prompt, size }: ImageOrder,
  drawn: DrawnImage[],
): Promise<Image[]> {
  const createdAt = deps.now()
  const kept = drawn.map(({ bytes, type, model }) => ({
    id: createId(),
    prompt,
    model,
    size: size ?? deps.config.images.size ?? '',
    contentType: type,
    byteSize: bytes.length,
    createdAt,
  }))
  const ids = kept.map(({ id }) => id)
  await insertImages(deps.db, userId, kept)
  try {
    await Promise.all(drawn.map(({ bytes }, at) => deps.blobs.put(blobKeyOf(ids[at] ?? ''), bytes)))
    await markReady(deps.db, ids)
  } catch (error) {
    await sweepImages(deps, ids)
    throw error
  }
  return kept
}
