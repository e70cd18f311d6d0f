import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'
import { users } from './tables.ts'
import type { UsageLimits } from './usage-tables.ts'

/** What a key may be used for. */
export type KeyScope = 'chat' | 'images' | 'files' | 'usage'

/** With which programs come in. The key itself is nowhere: here is its SHA-256. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    keyHash: text('key_hash').notNull().unique('api_keys_hash_key'),
    /** The last characters, to tell keys apart in a list. */
    ending: text('ending').notNull(),
    scopes: jsonb('scopes').$type<KeyScope[]>().notNull(),
    /** Ids of models; null: all that its owner may use. */
    models: jsonb('models').$type<string[]>(),
    /** Addresses and ranges; null: from everywhere. */
    allowedAddresses: jsonb('allowed_addresses').$type<string[]>(),
    /** Of its own, beside its owner's. */
    limits: jsonb('limits').$type<UsageLimits>().notNull().default({}),
    /** So many requests in so many seconds; null: as the settings say. */
    rateCount: integer('rate_count'),
    rateSeconds: integer('rate_seconds'),
    /** null: for ever. */
    expiresAt: moment('expires_at'),
    /** Kept to the minute; null: never used. */
    lastUsedAt: moment('last_used_at'),
    createdAt: createdAt(),
    /** It lets nobody in any more, but gives its name to what the ledger says about it. */
    revokedAt: moment('revoked_at'),
  },
  (t) => [
    index('api_keys_user').on(t.userId, t.id),
    index('api_keys_revoked').on(t.revokedAt).where(sql`${t.revokedAt} is not null`),
    check(
      'api_keys_rate',
      sql`(${t.rateCount} > 0 and ${t.rateSeconds} > 0) or num_nonnulls(${t.rateCount}, ${t.rateSeconds}) = 0`,
    ),
  ],
)
