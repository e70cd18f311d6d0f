import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import type { ImageWish } from '../../llm/llm.ts'
import { chooseImageModel } from '../models/image-models.ts'
import type { UsageWish } from '../usage/reserve-usage.ts'
import { countOrder } from './count-order.ts'
import { type Drawing, type DrawnImage, drawImages } from './draw-images.ts'
import { blobKeyOf, type Image } from './image.ts'
import { insertImages, markReady } from './store.ts'
import { sweepImages } from './sweep-images.ts'
import { withinQuota } from './within-quota.ts'

export interface ImageOrder extends ImageWish {
  /** One of `listImageModels`; null: the first. */
  model: string | null
}

/** Whose they will be. */
export interface ImageBuyer {
  userId: number
  /** The API key that asks, and the models that it is for; null: none does. */
  key: (NonNullable<UsageWish['key']> & { models: string[] | null }) | null
}

/**
 * Has pictures drawn and keeps them. A failure, or somebody who does not wait, leaves nothing to look at. Throws
 * `rate_limited`, `quota_exceeded`, `dependency_down`, and what `chooseImageModel` and `drawImages` throw.
 */
export async function createImages(
  deps: Deps,
  { userId, key }: ImageBuyer,
  { model, ...wish }: ImageOrder,
  drawing: Omit<Drawing, 'onAtWork'>,
): Promise<Image[]> {
  await countOrder(deps, userId)
  const models = await chooseImageModel(deps, model, { userId, allowed: key?.models ?? null })
  let kept: Image[] = []
  await withinQuota(deps, { userId, key, models, count: wish.count }, async ({ onAtWork }) => {
    const drawn = await drawImages(deps, models, wish, { ...drawing, onAtWork })
    kept = await keep(deps, userId, wish, drawn)
    return drawn
  })
  return kept
}

async function keep(
  deps: Deps,
  userId: number,
  { prompt, size }: ImageWish,
  drawn: DrawnImage[],
): Promise<Image[]> {
  const createdAt = deps.now()
  const kept = drawn.map(({ bytes, type, model }) => ({
    id: createId(),
    prompt,
    model: model.id,
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
