import type { Deps } from '../../deps.ts'
import { type LimitName, limitNames } from '../../lib/limit-names.ts'
import { costOf } from '../models/cost-of.ts'
import { findRoom, type Used } from './room-store.ts'
import { releaseCall, reserveCall } from './store.ts'
import { type CallWish, usageCall } from './usage-call.ts'

/** What somebody may use still, as it was known a moment ago, and what was taken of it since by this process. */
interface Room {
  readAt: number
  /** Infinite where there is no limit. */
  left: Used
  /** All that was taken and is not in what was read. */
  taken: Used
  calls: Map<string, Taken>
  reading: Promise<void> | null
  holding: Promise<void> | null
}

interface Taken {
  need: Used
  wish: CallWish
  state: 'under way' | 'held' | 'over'
}

/** By person and key. */
export type FarRooms = Map<string, Room>

type RoomDeps = Pick<Deps, 'db' | 'config' | 'now' | 'farRooms'>

const maxAgeMs = 1000
const mostRooms = 10_000

/** One process may hand out such a part of what is left before it looks again: twenty of them not more than there is. */
const shareOfOne = 1 / 20

/**
 * Whether a call is so far from every limit of person and key that no room need be held for it in the database, where
 * that costs as much as all the rest of a short call, and whether there are any of tokens or money. null: it may still
 * be within them, and the database decides; from then on it knows of those that were let through here, too. To be
 * followed by `leaveFarRoom`.
 */
export async function takeFarRoom(
  deps: RoomDeps,
  userId: number,
  wish: CallWish,
): Promise<{ isLimited: boolean } | null> {
  const room = await roomOf(deps, userId, wish)
  const need = needOf(wish)
  if (limitNames.some((name) => room.taken[name] + need[name] > room.left[name] * shareOfOne)) {
    room.holding ??= hold(deps, userId, room).finally(() => {
      room.holding = null
    })
    await room.holding
    return null
  }
  room.calls.set(wish.id, { need, wish, state: 'under way' })
  room.taken = sumOf(room.taken, need, 1)
  const hasCost = wish.prices !== null && Math.max(wish.prices.output, wish.prices.reasoning ?? 0) > 0
  const isLimited = limitNames.some(
    (name) =>
      Number.isFinite(room.left[name]) && (name.startsWith('tokens') || (name.startsWith('cost') && hasCost)),
  )
  return { isLimited }
}

/** The call is in the ledger, or was never made. */
export function leaveFarRoom(
  { farRooms }: Pick<Deps, 'farRooms'>,
  { id, userId, keyId }: { id: string; userId: number | null; keyId: string | null },
): void {
  const call = farRooms.get(nameOf(userId, keyId))?.calls.get(id)
  if (call !== undefined) call.state = 'over'
}

async function roomOf(deps: RoomDeps, userId: number, { key }: CallWish): Promise<Room> {
  const { farRooms } = deps
  const name = nameOf(userId, key?.id ?? null)
  let room = farRooms.get(name)
  if (room === undefined) {
    dropIdle(farRooms)
    room = {
      readAt: -maxAgeMs,
      left: nothing,
      taken: nothing,
      calls: new Map(),
      reading: null,
      holding: null,
    }
    farRooms.set(name, room)
  }
  const one = room
  if (performance.now() - one.readAt > maxAgeMs) {
    one.reading ??= read(deps, userId, key, one).finally(() => {
      one.reading = null
    })
    await one.reading
  }
  return one
}

async function read(
  { db, config, now }: RoomDeps,
  userId: number,
  key: CallWish['key'],
  room: Room,
): Promise<void> {
  const readAt = performance.now()
  // In what is read now; what ends meanwhile counts twice until the next time.
  const over = [...room.calls].filter(([, { state }]) => state === 'over')
  const terms = { defaultPlan: config.auth.defaultPlan, timezone: config.usage.timezone, now: now() }
  const stored = await findRoom(db, { userId, keyId: key?.id ?? null }, terms)
  for (const [id, { need }] of over) {
    room.calls.delete(id)
    room.taken = sumOf(room.taken, need, -1)
  }
  room.readAt = readAt
  const leftOf = (name: LimitName) =>
    stored === null
      ? 0
      : Math.min(
          (stored.limits[name] ?? Number.POSITIVE_INFINITY) - stored.used[name],
          (key?.limits[name] ?? Number.POSITIVE_INFINITY) - stored.usedByKey[name],
        )
  room.left = usedOf(leftOf)
}

/** What was let through so far counts from now on for the database too: near a limit it is exact. */
async function hold(deps: RoomDeps, userId: number, room: Room): Promise<void> {
  for (const call of room.calls.values()) {
    if (call.state !== 'under way') continue
    call.state = 'held'
    await reserveCall(deps.db, userId, usageCall(deps, call.wish))
    // It has ended in between, and its row has found nothing to take the place of.
    if (isOver(call)) await releaseCall(deps.db, call.wish.id)
  }
}

function isOver({ state }: Taken): boolean {
  return state === 'over'
}

/** The oldest of which nothing is taken. */
function dropIdle(farRooms: FarRooms): void {
  if (farRooms.size < mostRooms) return
  for (const [name, { calls }] of farRooms) {
    if ([...calls.values()].some((call) => !isOver(call))) continue
    farRooms.delete(name)
    return
  }
}

const nothing = usedOf(() => 0)

function needOf({ prices, promptTokens, wantedTokens, fixedMicros = 0 }: CallWish): Used {
  const used = {
    promptTokens: Math.ceil(promptTokens),
    completionTokens: wantedTokens,
    reasoningTokens: wantedTokens,
  }
  const tokens = used.promptTokens + wantedTokens
  const ofWords =
    prices === null ? 0 : Math.max(costOf(prices, used), costOf(prices, { ...used, reasoningTokens: 0 }))
  const cost = ofWords + fixedMicros
  return usedOf((name) => (name.startsWith('requests') ? 1 : name.startsWith('tokens') ? tokens : cost))
}

function sumOf(a: Used, b: Used, factor: 1 | -1): Used {
  return usedOf((name) => a[name] + factor * b[name])
}

function usedOf(amount: (name: LimitName) => number): Used {
  return {
    requests_day: amount('requests_day'),
    tokens_day: amount('tokens_day'),
    cost_day: amount('cost_day'),
    requests_month: amount('requests_month'),
    tokens_month: amount('tokens_month'),
    cost_month: amount('cost_month'),
  }
}

function nameOf(userId: number | null, keyId: string | null): string {
  return `${userId} ${keyId ?? ''}`
}
