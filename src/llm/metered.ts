import type { ModelRef, RelayedAnswer, RelayQuestion } from './llm.ts'
import type { BegunRelay } from './relay.ts'
import { createLengthWatch } from './relay-length.ts'
import { createMeter, type MeterMemory } from './relay-meter.ts'
import { createPictureMeter } from './relay-pictures.ts'
import { createUsageFilter } from './usage-filter.ts'

/** An answer of which is known what was handed on. */
export function metered(
  { contentType, waitedMs, beganAt, hasAddedUsage, next, close, failed }: BegunRelay,
  {
    path,
    count,
    estimate,
    cutTokens,
    model,
    memory,
  }: Pick<RelayQuestion, 'path' | 'count' | 'estimate' | 'cutTokens'> & {
    model: ModelRef
    memory: MeterMemory
  },
): RelayedAnswer {
  const isStream = /^text\/event-stream/i.test(contentType)
  const isOfPictures = isStream && path === '/images/generations'
  const meter = isOfPictures ? createPictureMeter() : createMeter({ path, count, isStream, estimate, memory })
  const filter = isStream && hasAddedUsage ? createUsageFilter() : null
  const watch =
    isStream && cutTokens !== null
      ? createLengthWatch({ path, meter, estimate, mostTokens: cutTokens, count })
      : null
  let isOver = false
  let isCut = false
  let endTokens: number | null = null
  return {
    model,
    contentType,
    waitedMs,
    beganAt,
    async next() {
      for (;;) {
        if (isCut) return null
        const bytes = await next()
        if (bytes === null) return isOver ? null : end()
        const left = filter === null ? bytes : filter.pass(bytes)
        const taken = filter?.taken() ?? null
        if (left !== null) meter.push(left)
        if (taken !== null) meter.push(taken)
        if (left === null) continue
        const cut = watch?.cut(left) ?? null
        isCut = cut !== null
        return cut ?? left
      }
    },
    tokensSoFar: () => endTokens ?? meter.tokensSoFar(),
    close() {
      close()
      const end = meter.end()
      endTokens = end.usage?.completionTokens ?? end.deliveredTokens
      return isCut ? { ...end, isWhole: true } : end
    },
    failed,
  }

  function end(): Uint8Array | null {
    isOver = true
    const rest = filter?.rest() ?? null
    if (rest !== null) meter.push(rest)
    return rest
  }
}
