import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { LimitName } from '../lib/limit-names.ts'
import { usageKinds } from '../lib/usage-kinds.ts'
import { turnStates } from './chat-tables.ts'
import { createdAt, moment } from './columns.ts'
import type { LedgerRow } from './ledger.ts'
import { users } from './tables.ts'

/** In millionths of the currency. */
const micros = (name: string) => bigint(name, { mode: 'number' })
const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)

/**
 * The ledger: one row for each time that a model was asked. Only ever added to. Whoever adds a row thereby settles
 * its reservation and moves counters and statistics: the triggers `usage_events_entered` and `usage_events_summed` do,
 * and nobody else.
 */
export const usageEvents = pgTable(
  'usage_events',
  {
    id: uuid('id').primaryKey(),
    /** null: a visitor without an account. */
    userId: bigint('user_id', { mode: 'number' }),
    /** The API key that asked; null: none. */
    keyId: uuid('key_id'),
    kind: text('kind', { enum: usageKinds }).notNull(),
    /** Of a turn and what was made for it; null: there is none. */
    turnId: uuid('turn_id'),
    /** `provider/model`. */
    model: text('model').notNull(),
    /** Empty: the one in `model`. */
    provider: text('provider').notNull().default(''),
    promptTokens: integer('prompt_tokens').notNull(),
    /** Of those, what the provider had read before. */
    cachedTokens: integer('cached_tokens').notNull().default(0),
    completionTokens: integer('completion_tokens').notNull(),
    /** Of those, what was thought and not said. */
    reasoningTokens: integer('reasoning_tokens').notNull().default(0),
    images: integer('images').notNull().default(0),
    isEstimated: boolean('is_estimated').notNull(),
    /** null: no price is known. */
    costMicros: micros('cost_micros'),
    timeToFirstTokenMs: integer('time_to_first_token_ms'),
    durationMs: integer('duration_ms').notNull(),
    outcome: text('outcome', { enum: turnStates }).notNull(),
    /** Why it `failed`. */
    errorCode: text('error_code'),
    /** The same moment by the clock of TIMEZONE; null: by UTC. */
    localAt: timestamp('local_at', { mode: 'string' }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('usage_events_turn_kind').on(t.turnId, t.kind),
    index('usage_events_user').on(t.userId, t.createdAt),
    index('usage_events_recent').on(t.createdAt, t.id),
    check(
      'usage_events_not_negative',
      sql`${t.promptTokens} >= 0 and ${t.completionTokens} >= 0 and ${t.costMicros} >= 0`,
    ),
    check(
      'usage_events_parts_not_negative',
      sql`${t.cachedTokens} >= 0 and ${t.reasoningTokens} >= 0 and ${t.images} >= 0`,
    ),
  ],
)

const sums = () => ({
  calls: count('calls'),
  failed: count('failed'),
  stopped: count('stopped'),
  interrupted: count('interrupted'),
  estimated: count('estimated'),
  /** Calls whose cost is not known: they add nothing to `costMicros`. */
  unpriced: count('unpriced'),
  promptTokens: count('prompt_tokens'),
  cachedTokens: count('cached_tokens'),
  completionTokens: count('completion_tokens'),
  reasoningTokens: count('reasoning_tokens'),
  images: count('images'),
  costMicros: count('cost_micros'),
  durationMs: count('duration_ms'),
  firstTokenMs: count('first_token_ms'),
  /** Calls that came to a first token. */
  firstTokens: count('first_tokens'),
})

/** Sums over rows of the ledger, hour by hour by the clock of TIMEZONE: each person's, and those of all together. */
export const usageSums = pgTable(
  'usage_sums',
  {
    /**
     * 0: one person's. 1 to 8: of all together, in parts, so that who writes need not wait for the others. 9 to 16: the
     * same of whole days, at hour 0.
     */
    shard: smallint('shard').notNull(),
    userId: bigint('user_id', { mode: 'number' }),
    day: date('day').notNull(),
    hour: smallint('hour').notNull(),
    keyId: uuid('key_id'),
    kind: text('kind', { enum: usageKinds }).notNull(),
    model: text('model').notNull(),
    provider: text('provider').notNull(),
    ...sums(),
  },
  (t) => [
    unique('usage_sums_key')
      .on(t.shard, t.userId, t.day, t.hour, t.keyId, t.kind, t.model, t.provider)
      .nullsNotDistinct(),
    // Rows of one day lie side by side: this costs next to nothing, and finds them.
    index('usage_sums_day').using('brin', t.day).with({ pages_per_range: 16 }),
  ],
)

/** The same of all times: so it can be told who has used the most in all. */
export const usageTotals = pgTable(
  'usage_totals',
  {
    userId: bigint('user_id', { mode: 'number' }),
    keyId: uuid('key_id'),
    provider: text('provider').notNull(),
    ...sums(),
  },
  (t) => [unique('usage_totals_key').on(t.userId, t.keyId, t.provider).nullsNotDistinct()],
)

/** What is absent or null has no limit; in an override what is absent is the plan's. Cost in micro-units. */
export type UsageLimits = Partial<Record<LimitName, number | null>>

/** What people may use. */
export const plans = pgTable(
  'plans',
  {
    name: text('name').primaryKey(),
    limits: jsonb('limits').$type<UsageLimits>().notNull().default({}),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    check('plans_name_form', sql`${t.name} ~ '^[a-z0-9][a-z0-9_-]{0,31}$'`),
    check('plans_limits_not_negative', notNegative(t.limits)),
  ],
)

/** What an administrator has given to somebody instead of what his plan says. */
export const quotaOverrides = pgTable(
  'quota_overrides',
  {
    userId: bigint('user_id', { mode: 'number' })
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    limits: jsonb('limits').$type<UsageLimits>().notNull().default({}),
    /** Where this person's days begin; null: as for everybody. */
    timezone: text('timezone'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [check('quota_overrides_limits_not_negative', notNegative(t.limits))],
)

/**
 * What somebody has used in the present day and month, and what is held for what is under way. One row, which is
 * locked while it is looked at whether there is room: only so two at once cannot take the same room.
 */
export const usageCounters = pgTable('usage_counters', {
  /** `user:<id>`, `key:<id>`, or `anonymous` for all visitors together. */
  holder: text('holder').primaryKey(),
  userId: bigint('user_id', { mode: 'number' }).references(() => users.id, { onDelete: 'cascade' }),
  /** The present one, by the clock of TIMEZONE or the person's own. The month is this day's. */
  day: date('day').notNull(),
  dayRequests: count('day_requests'),
  dayTokens: count('day_tokens'),
  dayCost: count('day_cost'),
  dayHeldTokens: count('day_held_tokens'),
  dayHeldCost: count('day_held_cost'),
  monthRequests: count('month_requests'),
  monthTokens: count('month_tokens'),
  monthCost: count('month_cost'),
  monthHeldTokens: count('month_held_tokens'),
  monthHeldCost: count('month_held_cost'),
})

/** What is held for a turn or call under way; gone when its row is in the ledger. */
export const usageReservations = pgTable(
  'usage_reservations',
  {
    /** Of the turn or the call. */
    id: uuid('id').primaryKey(),
    /** As in `usage_counters`; null: nobody's counters pay, but the balance. */
    holder: text('holder'),
    keyHolder: text('key_holder'),
    userId: bigint('user_id', { mode: 'number' }),
    /** It counts in this day and its month, however long it takes. */
    day: date('day').notNull(),
    tokens: count('tokens'),
    costMicros: count('cost_micros'),
    /** Nothing is held any more after that; null: nothing is. */
    expiresAt: moment('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('usage_reservations_expiring').on(t.expiresAt).where(sql`${t.expiresAt} is not null`),
    index('usage_reservations_created').on(t.createdAt),
  ],
)

/**
 * Calls that were no turns and have lasted for half a second already: what to enter in the ledger should their process
 * die, at most a second old. Gone when its own row is there.
 */
export const callsUnderWay = pgTable(
  'calls_under_way',
  {
    /** Of the row that the ledger will have. */
    id: uuid('id').primaryKey(),
    instanceId: uuid('instance_id').notNull(),
    /** As the ledger is to have it. */
    entry: jsonb('entry').$type<LedgerRow>().notNull(),
  },
  (t) => [index('calls_under_way_instance').on(t.instanceId)],
)

/** Money that somebody has paid in, for when his plan is used up. */
export const balances = pgTable('balances', {
  userId: bigint('user_id', { mode: 'number' })
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Below zero only by what the last call cost beyond its estimate. */
  micros: count('micros'),
  heldMicros: count('held_micros'),
})

/** Why a balance is what it is: its sum. */
export const balanceEntries = pgTable(
  'balance_entries',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    micros: micros('micros').notNull(),
    reason: text('reason', { enum: ['code', 'usage', 'grant'] }).notNull(),
    codeId: uuid('code_id').references(() => topUpCodes.id),
    /** The row of the ledger that it paid for. */
    eventId: uuid('event_id').unique('balance_entries_event_key'),
    createdAt: createdAt(),
  },
  (t) => [
    index('balance_entries_user').on(t.userId, t.createdAt, t.id),
    uniqueIndex('balance_entries_code').on(t.codeId, t.userId).where(sql`${t.codeId} is not null`),
  ],
)

/** Money on paper. Of the code only its SHA-256 is kept. */
export const topUpCodes = pgTable(
  'top_up_codes',
  {
    id: uuid('id').primaryKey(),
    codeHash: text('code_hash').notNull().unique('top_up_codes_hash_key'),
    /** The last characters, to tell codes apart in a list. */
    ending: text('ending').notNull(),
    micros: micros('micros').notNull(),
    /** So many people may redeem it, each once. */
    maxUses: integer('max_uses').notNull().default(1),
    uses: integer('uses').notNull().default(0),
    note: text('note'),
    createdBy: bigint('created_by', { mode: 'number' }).references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    expiresAt: moment('expires_at'),
    /** It is expired since then too; null: nobody has. */
    withdrawnAt: moment('withdrawn_at'),
  },
  (t) => [
    check('top_up_codes_worth_something', sql`${t.micros} > 0`),
    check('top_up_codes_uses', sql`${t.uses} between 0 and ${t.maxUses}`),
  ],
)

/** Nothing but numbers from zero on, and nulls. */
function notNegative(limits: { getSQL(): unknown }) {
  return sql`not jsonb_path_exists(${limits}, '$.* ? ((@.type() != "number" && @.type() != "null") || @ < 0)')`
}
