/**
 * A small shared store of things that may be lost at any moment: counters, locks, a visitor's history.
 * What must survive lives in PostgreSQL. Keys and values are text; every key expires.
 */
export interface Kv {
  get(key: string): Promise<string | null>
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  delete(key: string): Promise<void>

  /** Gives a living key a new time to live. False: there is no such key. */
  expire(key: string, ttlSeconds: number): Promise<boolean>

  /** True for exactly one of many callers. */
  setIfAbsent(key: string, value: string, ttlSeconds: number): Promise<boolean>

  /** Deletes only what the caller itself has set (the release of a lock). True: it was there and is gone. */
  deleteIfEquals(key: string, value: string): Promise<boolean>

  /** Counts in a fixed window: the first hit opens it, later hits do not prolong it. */
  increment(key: string, windowSeconds: number): Promise<WindowCount>

  /** `embedded`: in this process by choice. `down`: the shared store is away, this process stands in for it. */
  state(): 'embedded' | 'up' | 'down'

  close(): Promise<void>
}

export interface WindowCount {
  count: number
  /** Until the window turns over, rounded up, at least 1. */
  resetSeconds: number
}
