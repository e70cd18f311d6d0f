import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'

/** People. `uid` is what clients see; `email` is kept in lower case by a check. */
export const users = pgTable(
  'users',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    uid: text('uid').notNull().unique('users_uid_key'),
    username: text('username'),
    email: text('email').unique('users_email_key'),
    phone: text('phone').unique('users_phone_key'),
    displayName: text('display_name'),
    role: text('role', { enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    /** Language of this person's mails. */
    locale: text('locale', { enum: ['zh', 'en'] })
      .notNull()
      .default('zh'),
    /** null: the plan that the settings give to everybody. */
    plan: text('plan'),
    isActive: boolean('is_active').notNull().default(true),
    createdAt: createdAt(),
    /** null: never yet, or before this was written down. */
    lastLoginAt: moment('last_login_at'),
    /** Kept to the minute. */
    lastSeenAt: moment('last_seen_at'),
  },
  (t) => [
    uniqueIndex('users_username_key').on(sql`lower(${t.username})`),
    check('users_email_lower_case', sql`${t.email} = lower(${t.email})`),
    check('users_have_a_name', sql`num_nonnulls(${t.username}, ${t.email}, ${t.phone}) > 0`),
    check('users_role_known', sql`${t.role} in ('user', 'admin')`),
  ],
)

/** What proves who somebody is: today a password's hash; later OAuth, TOTP, passkeys. */
export const credentials = pgTable(
  'credentials',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    type: text('type', { enum: ['password', 'oauth', 'totp', 'webauthn'] }).notNull(),
    secretHash: text('secret_hash'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('credentials_user_type_one')
      .on(t.userId, t.type)
      .where(sql`${t.type} in ('password', 'totp', 'webauthn')`),
    check('credentials_type_known', sql`${t.type} in ('password', 'oauth', 'totp', 'webauthn')`),
  ],
)

/**
 * A log-in. A browser's has a token, which is only in the visitor's cookie; here is its SHA-256. A program's has
 * none: its access tokens name the session, and its refresh tokens have a table of their own.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    tokenHash: text('token_hash').unique('sessions_token_hash_key'),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    userAgent: text('user_agent'),
    ip: text('ip'),
    createdAt: createdAt(),
    /** Kept to the minute: writing it down at every request would cost more than it is worth. */
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expires').on(t.expiresAt)],
)

/**
 * Each is good for one exchange. A used one is kept as long as it would have lived: when it comes back, somebody has
 * a copy, and the whole session ends.
 */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique('refresh_tokens_hash_key'),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    usedAt: moment('used_at'),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [index('refresh_tokens_session').on(t.sessionId), index('refresh_tokens_expires').on(t.expiresAt)],
)

/** At most one live token a person: a new one replaces the old. */
export const passwordResetTokens = pgTable('password_reset_tokens', {
  userId: bigint('user_id', { mode: 'number' })
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  tokenHash: text('token_hash').notNull().unique('password_reset_tokens_hash_key'),
  createdAt: createdAt(),
  expiresAt: moment('expires_at').notNull(),
})

/** Letters waiting to be sent; a row is deleted once the mail server has taken it. */
export const mailOutbox = pgTable(
  'mail_outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    kind: text('kind').notNull(),
    recipient: text('recipient').notNull(),
    /** Subject and text, sealed with a key derived from SECRET_KEY: a reset link is as good as a password. */
    sealedLetter: text('sealed_letter').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Due from then on; while a sender holds the letter, the moment at which another may take it over. */
    nextAttemptAt: moment('next_attempt_at').notNull().defaultNow(),
    /** Not worth sending after this (a reset link that has run out). */
    expiresAt: moment('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [index('mail_outbox_due').on(t.nextAttemptAt)],
)
