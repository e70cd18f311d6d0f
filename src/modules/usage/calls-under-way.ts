import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { forgetAndNote } from './calls-store.ts'
import { toLedgerRow } from './ledger-row.ts'

/** What the ledger is to say of a call should its process die: as much as is known before its end. */
export interface InterruptedCall {
  kind: LedgerRow['kind']
  /** Of the model that is asked first. */
  modelId: string
  /** As the model counts. */
  promptTokens: number
  userId: number | null
  keyId: string | null
}

interface CallUnderWay extends InterruptedCall {
  begunAt: number
  /** The database knows of it. */
  isNoted: boolean
}

/** Calls that were no turns, by the id of the row that the ledger will have. */
export interface CallsUnderWay {
  calls: Map<string, CallUnderWay>
  /** Those of them that are over, and that the database still knows of. */
  over: Set<string>
}

type NoteDeps = Pick<Deps, 'db' | 'now' | 'llm' | 'offerMemory' | 'instanceId' | 'callsUnderWay'>

/** Younger ones are not worth a row: most are over by then. */
export const notedAfterMs = 500
const mostAtOnce = 200

/** To be followed by `endCall`. Costs nothing but an entry in memory. */
export function beginCall(
  { callsUnderWay }: Pick<Deps, 'callsUnderWay'>,
  id: string,
  call: InterruptedCall,
): void {
  callsUnderWay.calls.set(id, { ...call, begunAt: performance.now(), isNoted: false })
}

/** It is in the ledger, or was never made. */
export function endCall({ callsUnderWay }: Pick<Deps, 'callsUnderWay'>, id: string): void {
  const call = callsUnderWay.calls.get(id)
  if (call === undefined) return
  callsUnderWay.calls.delete(id)
  if (call.isNoted) callsUnderWay.over.add(id)
}

/** Tells the database of calls that last, for whoever finds this process dead, and of those that are over. */
export async function noteCalls(deps: NoteDeps, youngestMs = notedAfterMs): Promise<void> {
  const { callsUnderWay, instanceId } = deps
  for (;;) {
    const over = [...callsUnderWay.over].slice(0, mostAtOnce)
    const calls = unnoted(callsUnderWay, performance.now() - youngestMs)
    if (over.length === 0 && calls.length === 0) return
    // One that ends while it is being noted must be forgotten afterwards.
    for (const [, call] of calls) call.isNoted = true
    try {
      await forgetAndNote(deps.db, {
        over,
        instanceId,
        rows: calls.map(([id, call]) => rowOf(deps, id, call)),
      })
    } catch (error) {
      for (const [, call] of calls) call.isNoted = false
      throw error
    }
    for (const id of over) callsUnderWay.over.delete(id)
  }
}

function unnoted({ calls }: CallsUnderWay, begunBefore: number): [string, CallUnderWay][] {
  const found: [string, CallUnderWay][] = []
  for (const [id, call] of calls) {
    // They are in the order of their beginning.
    if (call.begunAt > begunBefore || found.length === mostAtOnce) break
    if (!call.isNoted) found.push([id, call])
  }
  return found
}

/** How long it has lasted until now is known, and nothing of its answer. */
function rowOf(
  deps: NoteDeps,
  id: string,
  { begunAt, isNoted: _, promptTokens, ...call }: CallUnderWay,
): LedgerRow {
  return toLedgerRow(deps, {
    ...call,
    id,
    turnId: null,
    tokens: {
      promptTokens: Math.round(promptTokens),
      cachedTokens: 0,
      completionTokens: 0,
      reasoningTokens: 0,
      isEstimated: true,
    },
    images: 0,
    firstTokenMs: null,
    durationMs: performance.now() - begunAt,
    outcome: 'interrupted',
    errorCode: null,
  })
}
