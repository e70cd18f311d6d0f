import {
  type Reservation,
  type ReserveDeps,
  releaseUsage,
  reserveUsage,
  type SettleDeps,
  settleUsage,
  type UsageWish,
} from '../usage/reserve-usage.ts'

/**
 * Draws within what whoever asks may still do, and enters the pictures in the ledger. They are a request, not a matter
 * of tokens, and no price of theirs is known. A failure is neither and costs nothing. Throws what `hold` throws
 * (`quota_exceeded`), and what `draw` throws.
 */
export async function withinQuota<Picture extends { model: string }, Needed extends ReserveDeps & SettleDeps>(
  deps: Needed,
  { userId, key }: Pick<UsageWish, 'userId' | 'key'>,
  draw: () => Promise<Picture[]>,
  hold: (deps: Needed, wish: UsageWish) => Promise<Reservation> = reserveUsage,
): Promise<Picture[]> {
  const wish = { userId, key, prices: null, promptTokens: 0, wantedTokens: 0, ifInterrupted: null }
  const reservation = await hold(deps, wish)
  const begunAt = performance.now()
  try {
    const pictures = await draw()
    void settleUsage(deps, reservation, {
      kind: 'image',
      outcome: 'complete',
      modelId: pictures[0]?.model ?? '',
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
      costMicros: null,
    })
    return pictures
  } catch (error) {
    await releaseUsage(deps, reservation).catch(() => undefined) // it counts no more after fifteen minutes
    throw error
  }
}
