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

  /** Counts in a fixed window: the first hit opens it, later hits do not prolong it. `hits`: so many at once. */
  increment(key: string, windowSeconds: number, hits?: number): Promise<WindowCount>

  /**
   * Appends to logs, all in one round trip. What is not numbered higher than the last entry is there already.
   * Answers the keys of the logs that are not there (never begun, evicted, or the store could not be reached): such
   * a log is written again as a whole (`isWhole`).
   */
  appendToLogs(appends: LogAppend[]): Promise<string[]>

  /** The entries numbered higher than `after`, in order; null: there is no such log within reach. */
  readLog(key: string, after: number): Promise<KvLogEntry[] | null>

  /**
   * Reaches whoever listens now, in any process that shares the store; nobody else ever. Never throws. While the
   * store is away it reaches this process alone.
   */
  publish(channel: string, message: string): void

  /** Calls `listener` for each message until the returned function is called. */
  subscribe(channel: string, listener: (message: string) => void): () => void

  /** `embedded`: in this process by choice. `down`: the shared store is away, this process stands in for it. */
  state(): 'embedded' | 'up' | 'down'

  close(): Promise<void>
}

export interface WindowCount {
  count: number
  /** Until the window turns over, rounded up, at least 1. */
  resetSeconds: number
}

export interface LogAppend {
  key: string
  /** At least 1; one entry may stand for several numbers and then bears the last. */
  number: number
  value: string
  ttlSeconds: number
  /** Begins the log, in place of whatever is there. */
  isWhole: boolean
}

export interface KvLogEntry {
  number: number
  value: string
}
