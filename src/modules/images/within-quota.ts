import {
  type Reservation,
  type ReserveDeps,
  releaseUsage,
  reserveUsage,
  type SettleDeps,
  settleUsage,
  type UsageWish,
} from '../usage/reserve-usage.ts'
import type { DrawnImage, Painter } from './draw-images.ts'

export interface PictureWish extends Pick<UsageWish, 'userId' | 'key'> {
  /** The one that is asked, then those that stand in for it. */
  models: readonly Painter[]
  count: number
}

/**
 * Draws within what whoever asks may still do, and enters the pictures in the ledger. They are a request, not a matter
 * of tokens, and each costs what its model's pictures do. A failure is neither and costs nothing. Throws what `hold`
 * throws (`quota_exceeded`), and what `draw` throws.
 */
export async function withinQuota<Needed extends ReserveDeps & SettleDeps>(
  deps: Needed,
  { userId, key, models, count }: PictureWish,
  draw: () => Promise<DrawnImage[]>,
  hold: (deps: Needed, wish: UsageWish) => Promise<Reservation> = reserveUsage,
): Promise<DrawnImage[]> {
  const reservation = await hold(deps, {
    userId,
    key,
    prices: null,
    promptTokens: 0,
    wantedTokens: 0,
    fixedMicros: mostOf(models, count),
    ifInterrupted: null,
  })
  const begunAt = performance.now()
  try {
    const pictures = await draw()
    const model = pictures[0]?.model
    void settleUsage(deps, reservation, {
      kind: 'image',
      outcome: 'complete',
      modelId: model?.id ?? '',
      tokens: {
        promptTokens: 0,
        completionTokens: 0,
        cachedTokens: 0,
        reasoningTokens: 0,
        isEstimated: false,
      },
      images: pictures.length,
      firstTokenMs: null,
      durationMs: performance.now() - begunAt,
      errorCode: null,
      costMicros: model?.pictureMicros == null ? null : model.pictureMicros * pictures.length,
    })
    return pictures
  } catch (error) {
    await releaseUsage(deps, reservation).catch(() => undefined) // it counts no more after fifteen minutes
    throw error
  }
}

/** What so many pictures cost at most, whichever of the models draws them; 0 where no price is known. */
export function mostOf(models: readonly Partial<Pick<Painter, 'pictureMicros'>>[], count: number): number {
  return count * Math.max(0, ...models.map(({ pictureMicros }) => pictureMicros ?? 0))
}
