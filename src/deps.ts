import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import type { Kv } from './kv/kv.ts'
import { type Bell, createBell } from './lib/bell.ts'
import { createFreshCache, type FreshCache } from './lib/fresh-cache.ts'
import { createGate, type Gate } from './lib/gate.ts'
import type { Lifecycle } from './lib/lifecycle.ts'
import type { Log } from './lib/log.ts'
import type { Llm } from './llm/llm.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Credential } from './modules/auth/resolve-credential.ts'

/** Everything that is made once at the start and handed to whoever needs it. */
export interface Deps extends SharedMemory {
  config: Config
  db: Db
  kv: Kv
  mailer: Mailer
  llm: Llm
  log: Log
  now: () => Date
  lifecycle: Lifecycle
}

/** What all requests of this process share. */
export interface SharedMemory {
  /** Whom a token stood for within the last second (null: nobody), by the token's hash. */
  credentialCache: FreshCache<Credential | null>
  /** Memory for hashing passwords, in KiB. */
  hashMemory: Gate
  /** Rung when a letter has been put into the outbox. */
  outboxBell: Bell
}

export function createSharedMemory(now: () => Date): SharedMemory {
  return {
    credentialCache: createFreshCache({ maxAgeMs: 1000, maxEntries: 10_000, now }),
    hashMemory: createGate({ capacity: 64 * 1024, maxWaiting: 64 }),
    outboxBell: createBell(),
  }
}
