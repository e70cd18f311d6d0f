import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import type { PricedModel } from '../models/bill-for.ts'
import type { CountedTokens } from './count-tokens.ts'

/** What is known of a call that goes on. */
export interface CallSoFar {
  /** Of the model that answers, or else is asked first. */
  modelId: string
  tokens: CountedTokens
  /** null: there was no word. */
  firstTokenMs: number | null
}

/** A call that the ledger is to know of should its process die. */
export interface InterruptedCall {
  kind: LedgerRow['kind']
  userId: number | null
  keyId: string | null
  /** Those that may answer, at their prices when it was let in. */
  models: readonly PricedModel[]
  /** Asked about once a second, so that it must not cost more the longer the answer is. */
  soFar(): CallSoFar
}

export interface CallUnderWay extends InterruptedCall {
  begunAt: number
  /** What the database knows of it; null: nothing. */
  noted: { at: number; tokens: number } | null
}

/** Calls that were no turns, by the id of the row that the ledger will have. */
export interface CallsUnderWay {
  calls: Map<string, CallUnderWay>
  /** Those of them that are over, and that the database still knows of. */
  over: Set<string>
}

/** To be followed by `endCall`. Costs nothing but an entry in memory. */
export function beginCall(
  { callsUnderWay }: Pick<Deps, 'callsUnderWay'>,
  id: string,
  call: InterruptedCall,
): void {
  callsUnderWay.calls.set(id, { ...call, begunAt: performance.now(), noted: null })
}

/** Nothing more will be heard of it than this, and its row is on its way into the ledger. */
export function closeCall(
  { callsUnderWay }: Pick<Deps, 'callsUnderWay'>,
  id: string,
  { modelId, tokens, firstTokenMs }: CallSoFar,
): void {
  const call = callsUnderWay.calls.get(id)
  if (call !== undefined) call.soFar = () => ({ modelId, tokens, firstTokenMs })
}

/** It is in the ledger, or was never made. */
export function endCall({ callsUnderWay }: Pick<Deps, 'callsUnderWay'>, id: string): void {
  const call = callsUnderWay.calls.get(id)
  if (call === undefined) return
  callsUnderWay.calls.delete(id)
  if (call.noted !== null) callsUnderWay.over.add(id)
}
