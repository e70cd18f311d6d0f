import type { Deps } from '../../deps.ts'
import { deadAfterSeconds } from '../../lib/dead-after.ts'
import { createId } from '../../lib/ids.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import { publishUserEvent } from '../conversations/user-events.ts'
import { billFor } from '../models/bill-for.ts'
import { listModels } from '../models/find-model.ts'
import { type AbandonedTurn, endTurns, listAbandonedTurns } from './end-store.ts'
import type { EndedTurn } from './ended-turn.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { deleteDeadInstances } from './instance-store.ts'

/**
 * More events than the dead one can have numbered after the last that was kept. Their numbers are never given again:
 * a reader who has some of them must be seen to be elsewhere, and gets the snapshot.
 */
const lostNumbers = 1_000_000

/**
 * Ends the turns of dead instances as `interrupted`, with what they had said. Every instance does so; the database
 * lets one of them end each turn. The number that this one has ended.
 */
export async function sweepTurns(
  deps: Pick<Deps, 'db' | 'kv' | 'llm' | 'now' | 'log' | 'config' | 'instanceId'>,
  silentSeconds = deadAfterSeconds,
): Promise<number> {
  const abandoned = await listAbandonedTurns(deps.db, deps.instanceId, silentSeconds)
  if (abandoned.length === 0) {
    await deleteDeadInstances(deps.db, silentSeconds)
    return 0
  }
  const ended = await endTurns(
    deps.db,
    abandoned.map((turn) => toRow(deps, turn)),
    deps.config.usage.timezone,
  )
  const ours = abandoned.filter(({ id }) => ended.has(id))
  for (const turn of ours) {
    const data = { turn_id: turn.id, conversation_id: turn.conversationId, state: 'interrupted' }
    publishUserEvent(deps, turn.userId, { type: 'turn_ended', data })
  }
  if (ours.length > 0) deps.log.warn({ count: ours.length }, 'turns of a dead instance were ended')
  return ours.length
}

function toRow(deps: Pick<Deps, 'llm' | 'now'>, turn: AbandonedTurn): EndedTurn {
  const now = deps.now()
  const tokens = {
    promptTokens: turn.estimatedPromptTokens,
    cachedTokens: 0,
    completionTokens: Math.round(estimateTokens(turn.text) + estimateTokens(turn.reasoning)),
    reasoningTokens: 0,
  }
  const { provider, costMicros } = billFor(listModels(deps), turn.model, tokens)
  return {
    turn_id: turn.id,
    model: turn.model,
    state: 'interrupted',
    last_seq: turn.seq + lostNumbers,
    ended_at: now.toISOString(),
    content: turn.text,
    search_terms: formatTerms(termsOf(turn.userId, turn.text)),
    reasoning: turn.reasoning === '' ? null : turn.reasoning,
    finish_reason: null,
    error_code: 'interrupted',
    provider,
    prompt_tokens: tokens.promptTokens,
    cached_tokens: tokens.cachedTokens,
    completion_tokens: tokens.completionTokens,
    reasoning_tokens: tokens.reasoningTokens,
    is_estimated: true,
    cost_micros: costMicros,
    duration_ms: Math.max(0, now.getTime() - new Date(turn.startedAt).getTime()),
    time_to_first_token_ms: null,
    usage_event_id: createId(),
  }
}
