import type { UsageLimits } from '../../db/usage-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import type { Prices } from '../../llm/llm.ts'
import type { PricedModel } from '../models/bill-for.ts'
import { beginCall, closeCall, endCall, type InterruptedCall } from './calls-under-way.ts'
import { enterUsage, hastenUsage } from './enter-usage.ts'
import { leaveFarRoom, takeFarRoom } from './far-rooms.ts'
import { type EndedCall, toLedgerRow } from './ledger-row.ts'
import { quotaExceeded } from './quota-exceeded.ts'
import { releaseCall, reserveCall } from './store.ts'
import { usageCall } from './usage-call.ts'

/** A call that is no turn: a question to a face, one through an API key, images. Turns hold their room themselves. */
export interface UsageWish {
  /** null: a visitor without an account. */
  userId: number | null
  /** The API key that asks, and limits of its own beside its owner's plan. */
  key: { id: string; limits: UsageLimits } | null
  /** The one that is asked, and those that stand in for it. */
  models: readonly PricedModel[]
  /** null: not known, or nothing that tokens cost. */
  prices: Prices | null
  /** Our estimate; 0 where it is no matter of tokens. */
  promptTokens: number
  /** The longest answer that is wanted. */
  wantedTokens: number
  /** What it costs beside its words, in millionths of the currency; undefined: nothing. */
  fixedMicros?: number
  /** For the ledger, should the process die before the end; null: what comes to nothing costs nothing. */
  ifInterrupted: Pick<InterruptedCall, 'kind' | 'soFar'> | null
  /** There are many a second: far from every limit no room is held for it in the database. */
  isOneOfMany?: boolean
}

/** Room held for a call, until `settleUsage` or `releaseUsage`; after fifteen minutes it counts no more. */
export interface Reservation {
  /** Of the call's row in the ledger. */
  id: string
  userId: number | null
  keyId: string | null
  /** At whose prices of this moment it is billed, whatever is offered at its end. */
  models: readonly PricedModel[]
  /** The longest answer that there is room for: no more than was wanted. */
  grantedTokens: number
  /** Tokens or money limit the answer: it may not be longer. */
  isLimited: boolean
}

export type ReserveDeps = Pick<Deps, 'db' | 'kv' | 'config' | 'now' | 'farRooms' | 'callsUnderWay'> &
  Pick<Deps, 'usageEntries'>

/** Throws `quota_exceeded`, which says which limit leaves no room and when it begins anew. */
export async function reserveUsage(
  deps: ReserveDeps,
  { ifInterrupted, models, ...wish }: UsageWish,
): Promise<Reservation> {
  // Wishes are remembered for seconds: with what tells of the answer, all of it would be kept in memory.
  const reservation = { ...(await hold(deps, wish)), models }
  const { id, userId, keyId } = reservation
  if (ifInterrupted !== null) beginCall(deps, id, { ...ifInterrupted, userId, keyId, models })
  return reservation
}

async function hold(
  deps: ReserveDeps,
  wish: Omit<UsageWish, 'ifInterrupted' | 'models'>,
): Promise<Omit<Reservation, 'models'>> {
  const { userId, key } = wish
  const reservation = { id: createId(), userId, keyId: key?.id ?? null }
  const limits = userId === null ? visitorLimits(deps) : null
  // Nothing limits visitors: then the database need not be asked, nor be there.
  if (userId === null && limits === null)
    return { ...reservation, grantedTokens: wish.wantedTokens, isLimited: false }
  const callWish = { ...wish, id: reservation.id }
  const far = wish.isOneOfMany && userId !== null ? await takeFarRoom(deps, userId, callWish) : null
  if (far !== null) return { ...reservation, grantedTokens: wish.wantedTokens, ...far }
  const call = { ...usageCall(deps, callWish), ...(limits && { ownLimits: limits }) }
  let grant = await reserveCall(deps.db, userId, call)
  // A call that has ended holds its room until its row is in the ledger; whoever made it asks again at once.
  if (grant !== null && grant.refusal !== null && (await hastenUsage(deps, userId))) {
    grant = await reserveCall(deps.db, userId, call)
  }
  if (grant === null) throw new AppError('internal', 'Something went wrong')
  if (grant.refusal !== null) throw quotaExceeded(deps, userId, grant.refusal)
  return { ...reservation, grantedTokens: grant.granted, isLimited: grant.left !== null }
}

function visitorLimits({ config }: Pick<Deps, 'config'>): UsageLimits | null {
  const { anonymousTokensPerDay } = config.usage
  return anonymousTokensPerDay === null ? null : { tokens_day: anonymousTokensPerDay }
}

export type SettleDeps = Omit<ReserveDeps, 'kv'> & Pick<Deps, 'log'>

/**
 * The call has ended, in whatever way: what it has used goes into the ledger a moment later, in place of what was
 * held. Resolves then; nobody need wait. Never rejects.
 */
export async function settleUsage(
  deps: SettleDeps,
  reservation: Reservation,
  ended: Omit<EndedCall, 'id' | 'userId' | 'keyId' | 'turnId' | 'models'>,
): Promise<void> {
  const { id, userId, keyId, models } = reservation
  closeCall(deps, id, ended)
  await enterUsage(deps, toLedgerRow(deps, { ...ended, id, userId, keyId, models, turnId: null }))
  leaveFarRoom(deps, reservation)
  endCall(deps, id)
}

/** The call was never made: it was no request, and is in no ledger. */
export async function releaseUsage(
  deps: Pick<Deps, 'db' | 'farRooms' | 'callsUnderWay'>,
  reservation: Reservation,
): Promise<void> {
  leaveFarRoom(deps, reservation)
  endCall(deps, reservation.id)
  await releaseCall(deps.db, reservation.id)
}
