import { withTimeLimit } from './time-limit.ts'

/** One answer that everybody needs all the time: asked for once in a while, and an old one is better than none. */
export interface LastKnown<Value> {
  /**
   * The answer, asked for at most `maxAgeMs` ago; of many callers one asks. When asking fails, or takes longer than
   * `maxWaitMs`, the answer before it; null: there was none ever. Never rejects. `patienceMs`: instead of that limit,
   * for who has just changed something.
   */
  read(ask: () => Promise<Value>, patienceMs?: number): Promise<Value | null>
  /** What is known may be out of date: the next reader asks, also when somebody is asking at this moment. */
  forget(): void
}

export interface LastKnownOptions {
  maxAgeMs: number
  maxWaitMs: number
  now: () => Date
}

export function createLastKnown<Value>({ maxAgeMs, maxWaitMs, now }: LastKnownOptions): LastKnown<Value> {
  let known: { value: Value } | null = null
  let asked: { at: number; answer: Promise<void> } | null = null
  let settled = true

  return {
    async read(ask, patienceMs = maxWaitMs) {
      const age = asked === null ? Infinity : now().getTime() - asked.at
      if (asked === null || age < 0 || age >= maxAgeMs) asked = begin(ask)
      // An answer that is late is worth waiting for only where there is no other.
      if (!settled) await withTimeLimit(asked.answer, patienceMs, 'late').catch(() => {})
      return known?.value ?? null
    },
    forget() {
      asked = null
    },
  }

  function begin(ask: () => Promise<Value>) {
    const mine = { at: now().getTime(), answer: Promise.resolve() }
    settled = false
    mine.answer = ask().then(
      (value) => {
        // Somebody who has asked later knows better.
        if (asked === mine || asked === null) known = { value }
        if (asked === mine) settled = true
      },
      () => {
        if (asked === mine) settled = true
      },
    )
    return mine
  }
}
