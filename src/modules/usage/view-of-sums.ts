import type { Latency } from './get-latencies.ts'
import type { Spread } from './get-recent-calls.ts'
import type { UsageRecord } from './records.ts'
import type { PeriodSums, UsageSums } from './statistics.ts'

/** As clients see it. */
export function viewOfSums(sums: UsageSums) {
  const tokens = tokensOf(sums)
  const { calls, firstTokens } = sums
  return {
    calls,
    failed: sums.failed,
    stopped: sums.stopped,
    interrupted: sums.interrupted,
    estimated: sums.estimated,
    unpriced: sums.unpriced,
    prompt_tokens: sums.promptTokens,
    cached_tokens: sums.cachedTokens,
    completion_tokens: sums.completionTokens,
    reasoning_tokens: sums.reasoningTokens,
    total_tokens: tokens,
    images: sums.images,
    cost_micros: sums.costMicros,
    error_rate: ratio(sums.failed, calls),
    average_tokens: ratio(tokens, calls),
    average_first_token_ms: ratio(sums.firstTokenMs, firstTokens),
    average_duration_ms: ratio(sums.durationMs, calls),
  }
}

/** `days`: so many are in it; null: nobody knows. */
export function viewOfPeriod({ sums, before }: PeriodSums, days: number | null) {
  return {
    ...viewOfSums(sums),
    average_calls_a_day: days === null ? null : sums.calls / days,
    change: before && {
      calls: change(sums.calls, before.calls),
      tokens: change(tokensOf(sums), tokensOf(before)),
      cost: change(sums.costMicros, before.costMicros),
    },
  }
}

export function viewOfRecord(record: UsageRecord) {
  return {
    id: record.id,
    user_id: record.uid,
    key_id: record.keyId,
    kind: record.kind,
    turn_id: record.turnId,
    model: record.model,
    provider: record.provider,
    prompt_tokens: record.promptTokens,
    cached_tokens: record.cachedTokens,
    completion_tokens: record.completionTokens,
    reasoning_tokens: record.reasoningTokens,
    images: record.images,
    estimated: record.isEstimated,
    cost_micros: record.costMicros,
    time_to_first_token_ms: record.timeToFirstTokenMs,
    duration_ms: record.durationMs,
    outcome: record.outcome,
    error_code: record.errorCode,
    created_at: new Date(record.createdAtMs).toISOString(),
  }
}

export function viewOfLatency({ calls, firstTokenMs, durationMs }: Latency) {
  return { calls, first_token_ms: viewOfSpread(firstTokenMs), duration_ms: viewOfSpread(durationMs) }
}

export function viewOfSpread(spread: Spread | null) {
  return spread && { p50: spread.half, p95: spread.most }
}

function tokensOf({
  promptTokens,
  completionTokens,
}: Pick<UsageSums, 'promptTokens' | 'completionTokens'>): number {
  return promptTokens + completionTokens
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function change(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / before
}
