/** Answers that may be believed for a short while: what was asked a moment ago need not be asked again. */
export interface FreshCache<Value> {
  /**
   * The answer for a key, asked for at most `maxAgeMs` ago; callers at the same time share one question.
   * A failed question is not kept.
   */
  get(key: string, ask: () => Promise<Value>): Promise<Value>
  /** Drops the affected answers at once, and whatever is being asked at this moment: it may be out of date already. */
  forget(isAffected: (value: Value, key: string) => boolean): void
}

export interface FreshCacheOptions {
  maxAgeMs: number
  /** When there are more, the oldest go. */
  maxEntries: number
  now: () => Date
}

interface Entry<Value> {
  askedAt: number
  answer: Promise<Value>
  /** null while it is being asked. */
  known: { value: Value } | null
}

export function createFreshCache<Value>(options: FreshCacheOptions): FreshCache<Value> {
  // In the order of asking, so the first is the oldest.
  const entries = new Map<string, Entry<Value>>()

  function get(key: string, ask: () => Promise<Value>): Promise<Value> {
    const now = options.now().getTime()
    const entry = entries.get(key)
    if (entry !== undefined && isFresh(entry, now)) return entry.answer
    entries.delete(key)
    makeRoom(now)
    return remember(key, now, ask())
  }

  // The age counts from the question, not from the answer: what a slow database says may be old when it arrives.
  function isFresh(entry: Entry<Value>, now: number): boolean {
    const age = now - entry.askedAt
    return age >= 0 && age < options.maxAgeMs
  }

  function makeRoom(now: number): void {
    for (const [key, entry] of entries) {
      if (isFresh(entry, now) && entries.size < options.maxEntries) return
      entries.delete(key)
    }
  }

  function remember(key: string, askedAt: number, answer: Promise<Value>): Promise<Value> {
    const entry: Entry<Value> = { askedAt, answer, known: null }
    entries.set(key, entry)
    answer.then(
      (value) => {
        entry.known = { value }
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key)
      },
    )
    return answer
  }

  function forget(isAffected: (value: Value, key: string) => boolean): void {
    for (const [key, { known }] of entries) {
      if (known === null || isAffected(known.value, key)) entries.delete(key)
    }
  }

  return { get, forget }
}
