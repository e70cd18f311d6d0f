import type { Access } from './access.ts'
import type { Fault } from './fault.ts'

/** The accesses of one provider. They take turns; one that fails rests for a while. */
export interface AccessRing {
  /** Replaces them. What rests goes on resting, unless it has another key or address now. */
  set(accesses: Access[]): void
  /**
   * In the order in which they should be tried for one question: those that do not rest, beginning with another one
   * each time. When all rest, the one whose rest is over first: asking is better than refusing.
   */
  take(): Access[]
  /** To be called before it is asked; what comes of that is told to the attempt. */
  begin(access: Access): Attempt
  /** Seconds that it will rest still; 0: it does not. */
  restSeconds(id: string): number
}

export interface Attempt {
  /** Ends the rest, if that was there already when this was begun: of a later one it knows nothing. */
  worked(): void
  /** Lets it rest, if its key or its address is at fault and not the question. True: another one may do better. */
  failed(fault: Fault): boolean
}

interface Rest {
  until: number
  /** Failures without an answer in between. What was under way together fails once. */
  failures: number
  /** Attempts that had been begun by then, in all. */
  attempts: number
}

/** First rest and longest, in seconds, where the provider names none; it doubles with each failure. */
const restsOf = {
  /** Wrong, revoked or without money: somebody has to do something about it. */
  refused: [60, 3600],
  limited: [10, 300],
  broken: [2, 60],
} as const

export function createAccessRing(now: () => number = () => performance.now()): AccessRing {
  let accesses: Access[] = []
  let turn = 0
  let attempts = 0
  const rests = new Map<string, Rest>()

  return {
    set(next) {
      const known = accesses
      accesses = next
      for (const id of rests.keys()) if (!isKnown(known.find((access) => access.id === id))) rests.delete(id)
    },
    take() {
      const first = turn++ % Math.max(accesses.length, 1)
      const inTurn = [...accesses.slice(first), ...accesses.slice(0, first)]
      const awake = inTurn.filter(({ id }) => leftOf(id) === 0)
      if (awake.length > 0) return awake
      return inTurn.toSorted((a, b) => leftOf(a.id) - leftOf(b.id)).slice(0, 1)
    },
    begin(access) {
      const { id } = access
      const attempt = ++attempts
      return {
        worked() {
          const rest = rests.get(id)
          if (rest !== undefined && attempt > rest.attempts && isKnown(access)) rests.delete(id)
        },
        failed(fault) {
          const kind = kindOf(fault)
          if (kind !== null && isKnown(access)) rests.set(id, restAfter(fault, kind, rests.get(id), attempt))
          return kind !== null
        },
      }
    },
    restSeconds: (id) => Math.ceil(leftOf(id) / 1000),
  }

  function restAfter(
    { retryAfterSeconds }: Fault,
    kind: keyof typeof restsOf,
    rest: Rest | undefined,
    attempt: number,
  ): Rest {
    const isOld = rest !== undefined && attempt <= rest.attempts
    const failures = (rest?.failures ?? 0) + (isOld ? 0 : 1)
    const [first, longest] = restsOf[kind]
    const seconds = retryAfterSeconds ?? Math.min(first * 2 ** (failures - 1), longest)
    const until = now() + seconds * 1000
    return isOld ? { ...rest, until: Math.max(rest.until, until) } : { until, failures, attempts }
  }

  function isKnown(access: Access | undefined): boolean {
    return accesses.some((one) => one.id === access?.id && isSame(one, access))
  }

  function leftOf(id: string): number {
    return Math.max((rests.get(id)?.until ?? 0) - now(), 0)
  }
}

/** Under its id there may be another key by now. */
function isSame(a: Access, b: Access): boolean {
  return a.apiKey === b.apiKey && a.baseUrl === b.baseUrl
}

/** null: the question is at fault, or nobody knows; with another key it would be no better. */
function kindOf({ code, status }: Fault): keyof typeof restsOf | null {
  if (status === 401 || status === 402 || status === 403) return 'refused'
  if (code === 'rate_limited') return 'limited'
  // A gateway that has waited in vain (408, 504) is broken. Where we have waited ourselves another key takes as long.
  const isBroken = code === 'provider_unavailable' || (code === 'provider_timeout' && status !== null)
  return isBroken ? 'broken' : null
}
