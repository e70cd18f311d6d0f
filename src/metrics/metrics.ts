import { Registry } from 'prom-client'
import type { TurnState } from '../db/chat-tables.ts'
import { measureBuild } from './build-metrics.ts'
import { measureConnections } from './connection-metrics.ts'
import { measureLoopLag } from './loop-lag.ts'
import { measureProcess } from './process-metrics.ts'
import { measureRequests } from './request-metrics.ts'
import { measureState, type Observed } from './state-metrics.ts'
import { measureTurns } from './turn-metrics.ts'

/**
 * What this process has done since it began, for whoever draws curves of it. Names and labels are bounded and say
 * nothing about anybody. No call throws.
 */
export interface Metrics {
  /** When the answer begins; `path` without its query. Cheap enough for every request. */
  requestAnswered(method: string, path: string, status: number, seconds: number): void
  turnEnded(turn: MeasuredTurn): void
  /** Until the returned function is called. */
  streamOpened(kind: StreamKind): () => void
  /** Until the returned function is called. */
  socketOpened(): () => void
  /** All of it in the text format of Prometheus. */
  scrape(): Promise<{ text: string; contentType: string }>
  close(): void
}

export type StreamKind = 'sse' | 'ndjson'

export interface MeasuredTurn {
  outcome: Exclude<TurnState, 'running'>
  promptTokens: number
  completionTokens: number
  durationSeconds: number
  /** null: not one came. */
  timeToFirstTokenSeconds: number | null
}

/** `observed` is looked at when somebody asks, never before. */
export function createMetrics(observed: Observed): Metrics {
  const registry = new Registry()
  measureBuild(registry)
  measureProcess(registry)
  measureState(registry, observed)
  const stopMeasuringLag = measureLoopLag(registry)
  return {
    requestAnswered: measureRequests(registry),
    turnEnded: measureTurns(registry),
    ...measureConnections(registry),
    scrape: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
    close: stopMeasuringLag,
  }
}
