import type { Deps } from '../../deps.ts'
import { factorOf, learnFactor } from '../../modules/models/token-factors.ts'
import type { Call, CallEnd } from './call.ts'

/** Writes a call down. Never throws. */
export function endCall(deps: Deps, call: Call, end: CallEnd): void {
  const modelId = `${end.model.provider}/${end.model.model}`
  const { promptTokens, completionTokens } = usageOf(deps, modelId, call, end)
  deps.metrics.turnEnded({
    outcome: end.outcome,
    promptTokens,
    completionTokens,
    durationSeconds: (performance.now() - call.startedAt) / 1000,
    timeToFirstTokenSeconds: end.firstByteMs === null ? null : end.firstByteMs / 1000,
  })
}

/** What the provider has counted, or else what was sent and delivered by our estimate. */
function usageOf(deps: Deps, modelId: string, call: Call, { usage, deliveredTokens }: CallEnd) {
  if (usage !== null) {
    if (call.path === '/chat/completions') learnFactor(deps, modelId, call.promptTokens, usage.promptTokens)
    return { ...usage, isEstimated: false }
  }
  const factor = factorOf(deps, modelId)
  return {
    promptTokens: Math.round(call.promptTokens * factor),
    completionTokens: Math.round(deliveredTokens * factor),
    isEstimated: true,
  }
}
