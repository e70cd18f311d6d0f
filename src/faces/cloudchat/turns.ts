import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import type { Kv } from '../../kv/kv.ts'
import { createToken } from '../../lib/tokens.ts'

export interface TurnRules {
  /** Behind the one whose turn it is, in each process. */
  maxWaiting: number
  waitSeconds: number
  /** A process that died holds a turn no longer than this. */
  leaseSeconds: number
}

/** Ends a turn; the next in line begins. */
export type EndTurn = () => Promise<void>

/** Waits for the turn of this key. Throws `rate_limited` when too many wait already, or after too long a wait. */
export type TakeTurn = (key: string, signal: AbortSignal) => Promise<EndTurn>

interface Place {
  ready: PromiseWithResolvers<void>
}

const usualRules: TurnRules = { maxWaiting: 3, waitSeconds: 60, leaseSeconds: 30 }

const pollMs = 150

/**
 * One at a time for each key: within this process in the order of arrival, between processes by a lock in the store.
 * Who leaves (the signal) gives up the place in line.
 */
export function createTurns(kv: Kv, rules: TurnRules = usualRules): TakeTurn {
  const lines = new Map<string, Place[]>()

  return async (key, signal) => {
    const place = joinLine(key)
    try {
      const release = await waitAndLock(key, place, signal)
      return () => release().finally(() => leaveLine(key, place))
    } catch (error) {
      leaveLine(key, place)
      throw error
    }
  }

  function joinLine(key: string): Place {
    const line = lines.get(key) ?? []
    if (line.length > rules.maxWaiting) throw tooMany()
    const place = { ready: Promise.withResolvers<void>() }
    line.push(place)
    if (line.length === 1) place.ready.resolve()
    lines.set(key, line)
    return place
  }

  function leaveLine(key: string, place: Place): void {
    const rest = (lines.get(key) ?? []).filter((other) => other !== place)
    if (rest.length === 0) lines.delete(key)
    else lines.set(key, rest)
    rest[0]?.ready.resolve()
  }

  async function waitAndLock(key: string, place: Place, signal: AbortSignal): Promise<() => Promise<void>> {
    const isAlone = lines.get(key)?.length === 1
    const atOnce = isAlone ? await lock(kv, key, rules.leaseSeconds) : null
    if (atOnce !== null) return atOnce

    const patience = AbortSignal.any([signal, AbortSignal.timeout(rules.waitSeconds * 1000)])
    try {
      await untilAborted(place.ready.promise, patience)
      for (;;) {
        patience.throwIfAborted()
        const release = await lock(kv, key, rules.leaseSeconds)
        if (release !== null) return release
        await sleep(pollMs, undefined, { signal: patience })
      }
    } catch (error) {
      throw patience.aborted ? tooMany() : error
    }
  }
}

/** Null: somebody else holds it. The lease is renewed until it is released, however long that takes. */
async function lock(kv: Kv, key: string, leaseSeconds: number): Promise<(() => Promise<void>) | null> {
  const owner = createToken()
  if (!(await kv.setIfAbsent(key, owner, leaseSeconds))) return null
  let renewal: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    renewal = renew(kv, key, owner, leaseSeconds)
  }, leaseSeconds * 300)
  return async () => {
    clearInterval(timer)
    // A renewal that is under way would bring the lock back.
    await renewal
    await kv.deleteIfEquals(key, owner)
  }
}

/** The store may have lost the lock: it throws out what it has no room for. */
async function renew(kv: Kv, key: string, owner: string, leaseSeconds: number): Promise<void> {
  if (!(await kv.expire(key, leaseSeconds))) await kv.setIfAbsent(key, owner, leaseSeconds)
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}

function tooMany(): AppError {
  return new AppError('rate_limited', 'Too many requests', { retryAfterSeconds: 5 })
}
