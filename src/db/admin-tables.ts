import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'
import { users } from './tables.ts'

/** What an act changed, field by field. No secret is in it, nor anything it could be guessed from. */
export type ActFields = Record<string, unknown>

/** What administrators did. Only ever added to; who is gone keeps his name in it. */
export const auditLog = pgTable(
  'audit_log',
  {
    /** A UUIDv7: in the order of time. */
    id: uuid('id').primaryKey(),
    /** null: the command line, or somebody whose account is gone. */
    actorId: bigint('actor_id', { mode: 'number' }).references(() => users.id, { onDelete: 'set null' }),
    /** What the actor was called then. */
    actorName: text('actor_name').notNull(),
    /** `user.ban`, `model.update`: what it was done to, and what. */
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    /** As clients see it. */
    targetId: text('target_id').notNull(),
    /** null: the command line. */
    ip: text('ip'),
    before: jsonb('before').$type<ActFields>(),
    after: jsonb('after').$type<ActFields>(),
    createdAt: createdAt(),
  },
  (t) => [
    index('audit_log_target').on(t.targetType, t.targetId, t.id),
    index('audit_log_actor').on(t.actorId, t.id),
  ],
)

/** Settings that change while the service runs. What has no row is as the environment says. */
export const siteSettings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
})

/** What lets somebody register where that takes an invitation. */
export const invites = pgTable(
  'invites',
  {
    id: uuid('id').primaryKey(),
    codeHash: text('code_hash').notNull().unique('invites_code_hash_key'),
    /** The last characters of the code, to know it by. */
    hint: text('hint').notNull(),
    /** For whom or what it is, in the administrator's words. */
    note: text('note'),
    maxUses: integer('max_uses').notNull().default(1),
    uses: integer('uses').notNull().default(0),
    /** null: never. */
    expiresAt: moment('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [check('invites_uses_in_bounds', sql`${t.uses} between 0 and ${t.maxUses}`)],
)
