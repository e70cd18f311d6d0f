import type { Deps } from '../../deps.ts'
import type { AppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import { createId } from '../../lib/ids.ts'
import { problemOf } from '../../lib/problem.ts'
import type { TokenUsage } from '../../llm/llm.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import { publishUserEvent } from '../conversations/user-events.ts'
import { type Bill, billFor, type PricedModel } from '../models/bill-for.ts'
import { type CountedTokens, countTokens } from '../usage/count-tokens.ts'
import { endTurns, findTurnEnd } from './end-store.ts'
import type { EndedTurn } from './ended-turn.ts'
import { keepEndedTurn } from './ended-turns.ts'
import type { ProblemData, UsageData } from './events.ts'
import { interruption } from './interruption.ts'
import type { LiveTurn } from './live-turn.ts'

/** How the generating of an answer ended. */
export interface Outcome {
  state: EndedTurn['state']
  /** `stopped` when somebody has stopped it; null with an error. */
  finishReason: string | null
  error: AppError | null
  /** What the provider has counted; null: it sent no numbers. */
  usage: TokenUsage | null
  estimatedUsage: Pick<TokenUsage, 'promptTokens' | 'completionTokens'>
  /** Those that might have answered, as they were offered when the turn began. */
  models: readonly PricedModel[]
  /** Of the one that has, which may be one that stood in. */
  modelId: string
  /** Until the first word; null: there was none. */
  firstTokenMs: number | null
  durationMs: number
}

type Usage = CountedTokens & Bill

/** After that readers are told that the end could not be written. */
const patienceMs = 6000

/**
 * Writes down the end of a turn, then tells its readers: who sees `done` finds the answer in the database. Where
 * another instance has ended the turn, or the database stays away, they get `interrupted`. Never throws.
 */
export async function endTurn(deps: Deps, turn: LiveTurn, outcome: Outcome): Promise<void> {
  const { log } = turn
  turn.isEnding = true
  const usage = usageOf(deps, outcome)
  const written = await write(deps, turn, toRow(deps, turn, outcome, usage))
  if (written === 'by_us') {
    log.append({ type: 'usage', data: usageData(usage) })
    if (outcome.error === null) {
      log.append({ type: 'done', data: { finish_reason: outcome.finishReason ?? 'stop' } })
    } else log.append({ type: 'error', data: failureOf(outcome.error) })
  } else {
    if (written === 'by_another') await takeOverText(deps, turn)
    log.append({ type: 'error', data: problemOf(interruption()) })
  }
  tell(deps, turn, written === 'by_us' ? outcome.state : 'interrupted', outcome, usage)
  keepEndedTurn(deps, turn)
}

/** In the middle of a stream no header can tell when it is worth trying again. */
function failureOf(error: AppError): ProblemData {
  const { retryAfterSeconds } = error
  return {
    ...problemOf(error),
    ...(retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds }),
  }
}

function usageOf(deps: Deps, outcome: Outcome): Usage {
  const counted = countTokens(deps, {
    modelId: outcome.modelId,
    reported: outcome.usage,
    estimated: outcome.estimatedUsage,
    firstTokenMs: outcome.firstTokenMs,
    failure: outcome.state === 'failed' ? outcome.error : null,
  })
  return { ...counted, ...billFor(outcome.models, outcome.modelId, counted) }
}

function toRow({ now }: Deps, turn: LiveTurn, outcome: Outcome, usage: Usage): EndedTurn {
  const { log } = turn
  return {
    turn_id: turn.id,
    model: outcome.modelId,
    state: outcome.state,
    // `usage` and `done` follow.
    last_seq: log.lastSeq + 2,
    ended_at: now().toISOString(),
    content: log.text,
    search_terms: formatTerms(termsOf(turn.userId, log.text)),
    reasoning: log.reasoning === '' ? null : log.reasoning,
    finish_reason: outcome.finishReason,
    error_code: outcome.error?.code ?? null,
    provider: usage.provider,
    prompt_tokens: usage.promptTokens,
    cached_tokens: usage.cachedTokens,
    completion_tokens: usage.completionTokens,
    reasoning_tokens: usage.reasoningTokens,
    is_estimated: usage.isEstimated,
    cost_micros: usage.costMicros,
    duration_ms: Math.round(outcome.durationMs),
    time_to_first_token_ms: outcome.firstTokenMs === null ? null : Math.round(outcome.firstTokenMs),
    usage_event_id: createId(),
  }
}

/** null: it could not be written in time; it will be later. */
async function write(deps: Deps, turn: LiveTurn, row: EndedTurn): Promise<'by_us' | 'by_another' | null> {
  const outOfPatience = Promise.withResolvers<null>()
  const timer = setTimeout(outOfPatience.resolve, patienceMs, null)
  const isOurs = await Promise.race([writeInTheEnd(deps, turn, row), outOfPatience.promise])
  clearTimeout(timer)
  if (isOurs === null) return null
  return isOurs ? 'by_us' : 'by_another'
}

/** As long as this process lives: nobody else would end the turn, and its conversation would stay closed. */
async function writeInTheEnd(deps: Deps, turn: LiveTurn, row: EndedTurn): Promise<boolean> {
  await turn.storing
  for (;;) {
    const isWritten = await tryToWrite(deps, row)
    if (isWritten !== null) return isWritten
    await Bun.sleep(500)
  }
}

/** True: written. False: another has ended the turn. null: the database did not take it. */
async function tryToWrite(deps: Deps, row: EndedTurn): Promise<boolean | null> {
  try {
    return await deps.turnEnds.add(row, async (rows) => {
      const ended = await endTurns(deps.db, rows, deps.config.usage.timezone)
      return rows.map(({ turn_id }) => ended.has(turn_id))
    })
  } catch (error) {
    deps.log.warn({ turn_id: row.turn_id, error: describeError(error) }, 'the end of a turn was not written')
    return null
  }
}

/** Who has followed us to the end shall have no more and no less than what another has written down. */
async function takeOverText({ db, log: journal }: Deps, { id, log }: LiveTurn): Promise<void> {
  try {
    const end = await findTurnEnd(db, id)
    if (end === null) return
    const text = end.content
    const reasoning = end.reasoning ?? ''
    if (text !== log.text || reasoning !== log.reasoning)
      log.append({ type: 'snapshot', data: { text, reasoning } })
  } catch (error) {
    journal.warn({ turn_id: id, error: describeError(error) }, 'what another has written was not read')
  }
}

/** Those who do not follow the log: other windows, and the metrics. */
function tell(deps: Deps, turn: LiveTurn, state: EndedTurn['state'], outcome: Outcome, usage: Usage): void {
  const data = { turn_id: turn.id, conversation_id: turn.conversationId, state }
  publishUserEvent(deps, turn.userId, { type: 'turn_ended', data })
  deps.metrics.turnEnded({
    outcome: state,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    durationSeconds: outcome.durationMs / 1000,
    timeToFirstTokenSeconds: outcome.firstTokenMs === null ? null : outcome.firstTokenMs / 1000,
  })
}

function usageData(usage: Usage): UsageData {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    // As the message and a later reading of it have it, whatever else a provider adds up.
    total_tokens: usage.promptTokens + usage.completionTokens,
    estimated: usage.isEstimated,
    cost: usage.costMicros === null ? null : usage.costMicros / 1_000_000,
  }
}
