import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { type ImageType, typeOfImage } from '../../lib/type-of-image.ts'
import type { ImageProgress } from '../../llm/llm.ts'
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

export interface DrawnImage {
  bytes: Uint8Array
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
  const drawn = await deps.llm.drawImages(
    { prompt, size: size ?? deps.config.images.size, count },
    { model, signal, ...(onProgress === undefined ? {} : { onProgress }) },
  )
  return drawn.slice(0, count).map((bytes) => {
    const type = typeOfImage(bytes)
    if (type === null)
      throw new AppError('provider_unavailable', 'The model has drawn nothing that is a picture')
    return { bytes, type, model: nameOf(model) }
  })
}
