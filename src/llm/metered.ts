import type { ModelRef, RelayedAnswer, RelayQuestion } from './llm.ts'
import type { BegunRelay } from './relay.ts'
import { createMeter, type MeterMemory } from './relay-meter.ts'
import { createUsageFilter } from './usage-filter.ts'

/** An answer of which is known what was handed on. */
export function metered(
  { contentType, waitedMs, hasAddedUsage, next, close, failed }: BegunRelay,
  {
    path,
    estimate,
    model,
    memory,
  }: Pick<RelayQuestion, 'path' | 'estimate'> & { model: ModelRef; memory: MeterMemory },
): RelayedAnswer {
  const isStream = /^text\/event-stream/i.test(contentType)
  const meter = createMeter({ path, isStream, estimate, memory })
  const filter = isStream && hasAddedUsage ? createUsageFilter() : null
  let isOver = false
  return {
    model,
    contentType,
    waitedMs,
    async next() {
      for (;;) {
        const bytes = await next()
        if (bytes === null) return isOver ? null : end()
        const left = filter === null ? bytes : filter.pass(bytes)
        const taken = filter?.taken() ?? null
        if (left !== null) meter.push(left)
        if (taken !== null) meter.push(taken)
        if (left !== null) return left
      }
    },
    close() {
      close()
      return meter.end()
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
