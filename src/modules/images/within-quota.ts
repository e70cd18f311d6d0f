import { type ErrorCode, findAppError } from '../../errors.ts'
import {
  type Reservation,
  type ReserveDeps,
  releaseUsage,
  reserveUsage,
  type SettleDeps,
  settleUsage,
  type UsageWish,
} from '../usage/reserve-usage.ts'
import type { Drawing, DrawnImage, Painter } from './draw-images.ts'

export interface PictureWish extends Pick<UsageWish, 'userId' | 'key'> {
  /** The one that is asked, then those that stand in for it. */
  models: readonly Painter[]
  count: number
}

/**
 * Draws within what whoever asks may still do, and enters the pictures in the ledger. They are a request, not a matter
 * of tokens, and each costs what its model's pictures do; so do those that nobody waited for while a model was at work
 * on them. A failure is there too, but is no request and costs nothing. `draw` is to hand on `onAtWork`. Throws what
 * `hold` throws (`quota_exceeded`), and what `draw` throws.
 */
export async function withinQuota<Needed extends ReserveDeps & SettleDeps>(
  deps: Needed,
  { userId, key, models, count }: PictureWish,
  draw: (drawing: Pick<Drawing, 'onAtWork'>) => Promise<DrawnImage[]>,
  hold: (deps: Needed, wish: UsageWish) => Promise<Reservation> = reserveUsage,
): Promise<DrawnImage[]> {
  const reservation = await hold(deps, {
    userId,
    key,
    models: models.map(({ ref, id }) => ({ ref, id, prices: null })),
    prices: null,
    promptTokens: 0,
    wantedTokens: 0,
    fixedMicros: mostOf(models, count),
    ifInterrupted: null,
  })
  const begunAt = performance.now()
  let atWork: Painter | null = null
  const onAtWork = (model: Painter | null) => {
    atWork = model
  }
  try {
    const pictures = await draw({ onAtWork })
    const model = pictures[0]?.model ?? models[0]
    enter({ outcome: 'complete', model, images: pictures.length, errorCode: null })
    return pictures
  } catch (error) {
    const errorCode = failureIn(error)
    if (errorCode !== null) enter({ outcome: 'failed', model: models[0], images: 0, errorCode })
    else if (atWork !== null) enter({ outcome: 'stopped', model: atWork, images: count, errorCode })
    else {
      await releaseUsage(deps, reservation).catch(() => undefined) // it counts no more after fifteen minutes
    }
    throw error
  }

  function enter({ outcome, model, images, errorCode }: Ended): void {
    void settleUsage(deps, reservation, {
      kind: 'image',
      outcome,
      modelId: model?.id ?? '',
      tokens: {
        promptTokens: 0,
        completionTokens: 0,
        cachedTokens: 0,
        reasoningTokens: 0,
        isEstimated: false,
      },
      images,
      firstTokenMs: null,
      durationMs: performance.now() - begunAt,
      errorCode,
      costMicros: model?.pictureMicros == null ? null : model.pictureMicros * images,
    })
  }
}

interface Ended {
  outcome: 'complete' | 'stopped' | 'failed'
  model: Painter | undefined
  images: number
  errorCode: string | null
}

/** null: nobody waits for it any more, or it was never asked for. */
function failureIn(error: unknown): ErrorCode | null {
  if (error instanceof Error && error.name === 'AbortError') return null
  const code = findAppError(error)?.code ?? 'internal'
  return code === 'unauthenticated' || code === 'shutting_down' ? null : code
}

/** What so many pictures cost at most, whichever of the models draws them; 0 where no price is known. */
export function mostOf(models: readonly Partial<Pick<Painter, 'pictureMicros'>>[], count: number): number {
  return count * Math.max(0, ...models.map(({ pictureMicros }) => pictureMicros ?? 0))
}
