import { Counter, Histogram, type Registry } from 'prom-client'
import type { MeasuredTurn, Metrics } from './metrics.ts'

const outcomes: MeasuredTurn['outcome'][] = ['complete', 'stopped', 'failed', 'interrupted']

export function measureTurns(registry: Registry): Metrics['turnEnded'] {
  const registers = [registry]
  const turns = new Counter({
    name: 'cloudchat_turns_total',
    help: 'Answers that have ended, by how.',
    labelNames: ['outcome'],
    registers,
  })
  // A curve begins with its first zero, not with its first failure.
  for (const outcome of outcomes) turns.inc({ outcome }, 0)
  const tokens = new Counter({
    name: 'cloudchat_tokens_total',
    help: 'Tokens of ended answers, as the provider reported them or else estimated.',
    labelNames: ['kind'],
    registers,
  })
  for (const kind of ['prompt', 'completion']) tokens.inc({ kind }, 0)
  const firstToken = new Histogram({
    name: 'cloudchat_time_to_first_token_seconds',
    help: 'From the question to the first word of its answer.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  })
  const duration = new Histogram({
    name: 'cloudchat_turn_duration_seconds',
    help: 'From the question to the end of its answer.',
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    registers,
  })
  return ({ outcome, promptTokens, completionTokens, durationSeconds, timeToFirstTokenSeconds }) => {
    turns.inc({ outcome })
    tokens.inc({ kind: 'prompt' }, amount(promptTokens))
    tokens.inc({ kind: 'completion' }, amount(completionTokens))
    duration.observe(amount(durationSeconds))
    if (timeToFirstTokenSeconds !== null) firstToken.observe(amount(timeToFirstTokenSeconds))
  }
}

/** The library throws at what is no number or below zero, and no turn may fail for its metrics. */
function amount(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0
}
