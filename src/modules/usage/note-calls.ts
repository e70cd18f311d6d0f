import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { forgetAndNote } from './calls-store.ts'
import type { CallsUnderWay, CallUnderWay } from './calls-under-way.ts'
import { toLedgerRow } from './ledger-row.ts'

type NoteDeps = Pick<Deps, 'db' | 'now' | 'instanceId' | 'callsUnderWay'>

interface NoteOptions {
  /** Younger ones are not worth a row: most are over by then. */
  youngestMs?: number
  /** What was noted later is left as it is. */
  staleMs?: number
}

/** Every second time what was noted is stale, less than a second after it was. */
export const notePauseMs = 400
const mostAtOnce = 200
/** Each time: of more calls than that not all can be noted every second, at a price that nobody feels. */
const mostFurther = 200

interface Note {
  call: CallUnderWay
  row: LedgerRow
}

/**
 * Tells the database, for whoever finds this process dead, of calls that last, of what more was delivered of those that
 * it knows, and of those that are over.
 */
export async function noteCalls(
  deps: NoteDeps,
  { youngestMs = 500, staleMs = 700 }: NoteOptions = {},
): Promise<void> {
  const { callsUnderWay, instanceId } = deps
  const startedAt = performance.now()
  const stale = oldestNoted(callsUnderWay, startedAt - staleMs)
  for (;;) {
    const over = [...callsUnderWay.over].slice(0, mostAtOnce)
    const fresh = unnoted(deps, startedAt - youngestMs)
    const further = grown(deps, stale.splice(0, mostAtOnce))
    if (over.length + fresh.length + further.length === 0) {
      if (stale.length === 0) return
      continue
    }
    // One that ends while it is being noted must be forgotten afterwards.
    for (const note of fresh) remember(note)
    try {
      await forgetAndNote(deps.db, {
        over,
        instanceId,
        fresh: fresh.map(({ row }) => row),
        further: further.map(({ row }) => row),
      })
    } catch (error) {
      for (const { call } of fresh) call.noted = null
      throw error
    }
    for (const note of further) remember(note)
    for (const id of over) callsUnderWay.over.delete(id)
  }
}

function unnoted(deps: NoteDeps, begunBefore: number): Note[] {
  const found: Note[] = []
  for (const [id, call] of deps.callsUnderWay.calls) {
    // They are in the order of their beginning.
    if (call.begunAt > begunBefore || found.length === mostAtOnce) break
    if (call.noted === null) found.push({ call, row: rowOf(deps, id, call) })
  }
  return found
}

/** By their ids, those first that have waited longest. */
function oldestNoted({ calls }: CallsUnderWay, notedBefore: number): string[] {
  const found: { id: string; at: number }[] = []
  for (const [id, { noted }] of calls) {
    if (noted !== null && noted.at <= notedBefore) found.push({ id, at: noted.at })
  }
  if (found.length > mostFurther) found.sort((a, b) => a.at - b.at)
  return found.slice(0, mostFurther).map(({ id }) => id)
}

/** Those of which more was delivered and that go on; the others are left alone until they are stale again. */
function grown(deps: NoteDeps, ids: string[]): Note[] {
  const found: Note[] = []
  for (const id of ids) {
    const call = deps.callsUnderWay.calls.get(id)
    if (call === undefined || call.noted === null) continue
    const row = rowOf(deps, id, call)
    if (row.completion_tokens === call.noted.tokens) call.noted.at = performance.now()
    else found.push({ call, row })
  }
  return found
}

function remember({ call, row }: Note): void {
  call.noted = { at: performance.now(), tokens: row.completion_tokens }
}

/** How long it has lasted until now is known, and not how it will end. */
function rowOf(
  deps: NoteDeps,
  id: string,
  { kind, userId, keyId, models, begunAt, soFar }: CallUnderWay,
): LedgerRow {
  return toLedgerRow(deps, {
    ...soFar(),
    id,
    kind,
    userId,
    keyId,
    models,
    turnId: null,
    images: 0,
    durationMs: performance.now() - begunAt,
    outcome: 'interrupted',
    errorCode: null,
  })
}
