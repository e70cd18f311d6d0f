import type { Blobs } from './blobs/blobs.ts'
import { openBlobs } from './blobs/open-blobs.ts'
import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import { openDatabase } from './db/open.ts'
import type { Kv } from './kv/kv.ts'
import { openKv } from './kv/open-kv.ts'
import { type Batch, createBatch } from './lib/batch.ts'
import { type Bell, createBell } from './lib/bell.ts'
import { createFreshCache, type FreshCache } from './lib/fresh-cache.ts'
import { createGate, type Gate } from './lib/gate.ts'
import { createId } from './lib/ids.ts'
import { createLastKnown, type LastKnown } from './lib/last-known.ts'
import { createLifecycle, type Lifecycle } from './lib/lifecycle.ts'
import type { Log } from './lib/log.ts'
import { createLlm } from './llm/create-llm.ts'
import type { Llm } from './llm/llm.ts'
import { createMailer } from './mail/create-mailer.ts'
import type { Mailer } from './mail/mailer.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import type { KeyHolder } from './modules/auth/resolve-caller.ts'
import type { Credential } from './modules/auth/resolve-credential.ts'
import type { OpenCall } from './modules/auth/watch-key.ts'
import type { OpenStream } from './modules/auth/watch-session.ts'
import type { EndedTurn } from './modules/chat/ended-turn.ts'
import type { EndedTurns } from './modules/chat/ended-turns.ts'
import type { LogSource } from './modules/chat/follow-turn.ts'
import type { LiveTurn } from './modules/chat/live-turn.ts'
import type { SummaryEnd } from './modules/chat/summarise.ts'
import type { EnteredImageModel } from './modules/models/image-models.ts'
import type { StoredOffer } from './modules/models/stored-offer.ts'
import type { TokenFactor } from './modules/models/token-factors.ts'
import type { CallsUnderWay } from './modules/usage/calls-under-way.ts'
import type { UsageEntries } from './modules/usage/enter-usage.ts'
import type { FarRooms } from './modules/usage/far-rooms.ts'

/** Everything that is made once at the start and handed to whoever needs it. */
export interface Deps extends SharedMemory {
  config: Config
  db: Db
  kv: Kv
  mailer: Mailer
  blobs: Blobs
  llm: Llm
  log: Log
  now: () => Date
  lifecycle: Lifecycle
  metrics: Metrics
}

/** What all requests of this process share. */
export interface SharedMemory {
  /** Whom a token stood for within the last second (null: nobody), by the token's hash. */
  credentialCache: FreshCache<Credential | null>
  /** The same for API keys. */
  keyCache: FreshCache<KeyHolder | null>
  /** Uses of keys on their way into the database. */
  keyUses: Batch<{ id: string; usedAt: Date }, null>
  /** Memory for hashing passwords, in KiB. */
  hashMemory: Gate
  /** Rung when a letter has been put into the outbox. */
  outboxBell: Bell
  /** This process among those that share the database. */
  instanceId: string
  /** Turns that this process generates, or has just generated, by their id. */
  turns: Map<string, LiveTurn>
  endedTurns: EndedTurns
  /** Copies of what other instances generate, for the readers of this process. */
  remoteLogs: Map<string, Promise<LogSource>>
  /** Ends of turns on their way into the database. */
  turnEnds: Batch<EndedTurn, boolean>
  /** How many tokens each model counts for one of our estimate, by the model's id. */
  tokenFactors: Map<string, TokenFactor>
  /** Calls that were no turns, on their way into the ledger. */
  usageEntries: UsageEntries
  callsUnderWay: CallsUnderWay
  /** What those who ask often may use still, for those who are far from their limits. */
  farRooms: FarRooms
  /** Titles being asked for. */
  titleGate: Gate
  /** What this process summarises, by the conversation's id. */
  summaries: Map<string, Promise<SummaryEnd>>
  summaryGate: Gate
  /** Connections that outlast their request, each on the strength of a session. */
  openStreams: Set<OpenStream>
  /** What administrators have changed of the settings, by name. */
  settingsMemory: LastKnown<ReadonlyMap<string, string>>
  /**
   * What they have entered about models and keys, as the database says it; the second is what is in force, the third
   * what of it draws.
   */
  offerMemory: {
    known: LastKnown<StoredOffer>
    applied: StoredOffer | null
    painters: EnteredImageModel[]
  }
  /** Answers on the strength of an API key. */
  openCalls: Set<OpenCall>
}

export interface OpenDeps {
  deps: Deps
  databaseKind: 'embedded' | 'postgres'
  /** Ends what was opened, in the reverse order. */
  close(): Promise<void>
}

/** Opens everything that the settings name. What cannot be opened closes the rest again and throws. */
export async function createDeps(config: Config, log: Log): Promise<OpenDeps> {
  await using opened = new AsyncDisposableStack()
  const database = await openDatabase(config, log)
  opened.defer(() => database.close())
  const kv = await openKv(config.redis, log)
  opened.defer(() => kv.close())
  const mailer = createMailer(config, log)
  opened.defer(() => mailer.close())
  const blobs = openBlobs(config)
  const llm = createLlm(config.llm, log)
  const now = () => new Date()
  const lifecycle = createLifecycle(now())
  const shared = createSharedMemory(now)
  const metrics = createMetrics({ kv, turns: shared.turns })
  opened.defer(() => metrics.close())
  const kept = opened.move()
  return {
    deps: { config, db: database.db, kv, mailer, blobs, llm, log, now, lifecycle, metrics, ...shared },
    databaseKind: database.kind,
    close: () => kept.disposeAsync(),
  }
}

/** Nobody waits long for a database that is away: what was known before is good enough. */
const aSecondOld = { maxAgeMs: 1000, maxWaitMs: 300 }

export function createSharedMemory(now: () => Date): SharedMemory {
  return {
    credentialCache: createFreshCache({ maxAgeMs: 1000, maxEntries: 10_000, now }),
    keyCache: createFreshCache({ maxAgeMs: 1000, maxEntries: 10_000, now }),
    keyUses: createBatch({ gatherMs: 1000, maxItems: 1000 }),
    hashMemory: createGate({ capacity: 64 * 1024, maxWaiting: 64 }),
    outboxBell: createBell(),
    instanceId: createId(),
    turns: new Map(),
    endedTurns: { line: [], size: 0 },
    remoteLogs: new Map(),
    turnEnds: createBatch({ gatherMs: 2, maxItems: 100 }),
    tokenFactors: new Map(),
    // What is lost when the process is killed is at most so old.
    usageEntries: { batch: createBatch({ gatherMs: 200, maxItems: 500 }), underWay: new Map() },
    callsUnderWay: { calls: new Map(), over: new Set() },
    farRooms: new Map(),
    titleGate: createGate({ capacity: 16, maxWaiting: 100 }),
    summaries: new Map(),
    summaryGate: createGate({ capacity: 16, maxWaiting: 100 }),
    openStreams: new Set(),
    settingsMemory: createLastKnown({ ...aSecondOld, now }),
    offerMemory: { known: createLastKnown({ ...aSecondOld, now }), applied: null, painters: [] },
    openCalls: new Set(),
  }
}
