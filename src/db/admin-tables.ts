import { bigint, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from './columns.ts'
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
