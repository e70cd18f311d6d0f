import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { type ImageType, typeOfImage } from '../../lib/type-of-image.ts'
import type { ImageProgress, ImageWish, ModelRef, Picture } from '../../llm/llm.ts'
import { findImageModel, nameOf } from './find-image-model.ts'

export interface ImageOrder {
  prompt: string
  /** One of `listImageModels`; null: the first. */
  model: string | null
  size: string | null
  count: number
}

export interface Drawing {
  signal: AbortSignal
  onProgress?: (progress: ImageProgress) => void
}

export interface DrawnImage extends Picture {
  type: ImageType
  model: string
}

/**
 * Pictures as the model has drawn them, kept nowhere. Throws what `findImageModel` and `llm.drawImages` throw,
 * `provider_unavailable` for what is no picture, `shutting_down`.
 */
export async function drawImages(
  deps: Pick<Deps, 'config' | 'llm' | 'lifecycle'>,
  { prompt, model: wanted, size, count }: ImageOrder,
  { signal, onProgress }: Drawing,
): Promise<DrawnImage[]> {
  assertNotDraining(deps.lifecycle)
  const model = findImageModel(deps, wanted)
  return drawWith(deps, model, { prompt, size, count }, { signal, ...(onProgress && { onProgress }) })
}

/** The same, by a model that was found elsewhere. */
export async function drawWith(
  { config, llm }: Pick<Deps, 'config' | 'llm'>,
  model: ModelRef,
  { prompt, size, count }: ImageWish,
  drawing: Drawing,
): Promise<DrawnImage[]> {
  const wish = { prompt, size: size ?? config.images.size, count }
  const drawn = await llm.drawImages(wish, { model, ...drawing })
  return drawn.slice(0, count).map(({ bytes, url }) => {
    const type = typeOfImage(bytes)
    if (type === null)
      throw new AppError('provider_unavailable', 'The model has drawn nothing that is a picture')
    return { bytes, url, type, model: nameOf(model) }
  })
}
