import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { type ImageType, typeOfImage } from '../../lib/type-of-image.ts'
import type { ImageProgress, ImageWish, Picture } from '../../llm/llm.ts'
import type { ImageModel } from '../models/image-models.ts'

/** What is needed of a model to have it draw, and to bill that. */
export type Painter = Pick<ImageModel, 'ref' | 'id' | 'pictureMicros'>

export interface Drawing {
  signal: AbortSignal
  onProgress?: (progress: ImageProgress) => void
  /** A model is at work on them, or, null, none is any more. */
  onAtWork: (model: Painter | null) => void
}

export interface DrawnImage extends Picture {
  type: ImageType
  /** The one that has drawn it. */
  model: Painter
}

/**
 * Pictures as the model has drawn them, or one that stands in for it, kept nowhere. Throws what `llm.drawImages`
 * throws, `provider_unavailable` for what is no picture, `shutting_down`.
 */
export async function drawImages(
  deps: Pick<Deps, 'config' | 'llm' | 'lifecycle'>,
  models: readonly [Painter, ...Painter[]],
  wish: ImageWish,
  drawing: Drawing,
): Promise<DrawnImage[]> {
  assertNotDraining(deps.lifecycle)
  const [model, ...others] = models
  let isDrawn = false
  const onDrawn = () => {
    isDrawn = true
  }
  for (const [at, candidate] of [model, ...others].entries()) {
    try {
      return await drawWith(deps, candidate, wish, { ...drawing, onDrawn })
    } catch (error) {
      if (drawing.signal.aborted) throw error
      drawing.onAtWork(null)
      // They are paid, and another would be paid as well.
      if (isDrawn || at === others.length || !mayDoBetter(error)) throw error
    }
  }
  throw new AppError('provider_unavailable', 'No model draws at the moment')
}

async function drawWith(
  { config, llm }: Pick<Deps, 'config' | 'llm'>,
  model: Painter,
  { prompt, size, count }: ImageWish,
  { signal, onProgress, onAtWork, onDrawn }: Drawing & { onDrawn: () => void },
): Promise<DrawnImage[]> {
  const wish = { prompt, size: size ?? config.images.size, count }
  const drawn = await llm.drawImages(wish, {
    model: model.ref,
    signal,
    onDrawn,
    onProgress(progress) {
      onAtWork(model)
      onProgress?.(progress)
    },
  })
  return drawn.slice(0, count).map(({ bytes, url }) => {
    const type = typeOfImage(bytes)
    if (type === null)
      throw new AppError('provider_unavailable', 'The model has drawn nothing that is a picture')
    return { bytes, url, type, model }
  })
}

/** What is wrong with the question, another model would refuse too. */
function mayDoBetter(error: unknown): boolean {
  const code = findAppError(error)?.code ?? ''
  return ['provider_unavailable', 'provider_timeout', 'rate_limited'].includes(code)
}
