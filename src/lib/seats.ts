/** So many may sit at once for each key: connections of one person, for instance. */
export interface Seats {
  /** What gives the seat back; further calls do nothing. null: all are taken. */
  take(key: number): (() => void) | null
}

/** `perKey`: null for any number. */
export function createSeats(perKey: number | null): Seats {
  const taken = new Map<number, number>()

  function take(key: number): (() => void) | null {
    const count = taken.get(key) ?? 0
    if (perKey !== null && count >= perKey) return null
    taken.set(key, count + 1)
    let isBack = false
    return () => {
      if (isBack) return
      isBack = true
      giveBack(key)
    }
  }

  function giveBack(key: number): void {
    const left = (taken.get(key) ?? 0) - 1
    if (left > 0) taken.set(key, left)
    else taken.delete(key)
  }

  return { take }
}
