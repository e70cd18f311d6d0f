import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { conversations, messages } from './chat-tables.ts'
import { createdAt, moment } from './columns.ts'
import { users } from './tables.ts'

/** A person's own words for his conversations. */
export const tags = pgTable(
  'tags',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('tags_name').on(t.userId, sql`lower(${t.name})`)],
)

export const conversationTags = pgTable(
  'conversation_tags',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    tagId: uuid('tag_id')
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.conversationId, t.tagId] }), index('conversation_tags_tag').on(t.tagId)],
)

/** Where a conversation came from that was imported: the same file brings it once. */
export const conversationSources = pgTable(
  'conversation_sources',
  {
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** `chatgpt`, `claude`, `cloudchat`. */
    format: text('format').notNull(),
    /** Its id there; where it had none, its hash. */
    sourceId: text('source_id').notNull(),
    /** SHA-256 of what was said there: tells whether more has been said since. */
    hash: text('hash').notNull(),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.format, t.sourceId] }),
    index('conversation_sources_conversation').on(t.conversationId),
  ],
)

/** A message as it was when it was shared. */
export interface SharedMessage {
  role: 'user' | 'assistant'
  content: string
  created_at: string
}

/** A branch as it was at one moment, for whoever has the link. Withdrawn: the row is gone. */
export const shares = pgTable(
  'shares',
  {
    id: uuid('id').primaryKey(),
    /** In the link: 128 random bits. */
    token: text('token').notNull().unique('shares_token_key'),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** A deleted conversation takes its shares along. */
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    title: text('title').notNull(),
    /** The only thing of its owner that is shown; null: nothing. */
    displayName: text('display_name'),
    messages: jsonb('messages').$type<SharedMessage[]>().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at'),
  },
  (t) => [
    index('shares_user').on(t.userId, t.createdAt.desc(), t.id.desc()),
    index('shares_conversation').on(t.conversationId),
    index('shares_expires').on(t.expiresAt),
  ],
)

/** What stands for the beginning of a branch where it has outgrown its model's window. */
export const summaries = pgTable(
  'summaries',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    conversationId: uuid('conversation_id').notNull(),
    /** The last message that it stands for: every branch through it may use it, and it goes when that goes. */
    throughMessageId: uuid('through_message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    text: text('text').notNull(),
    /** `provider/model` that wrote it. */
    model: text('model').notNull(),
    /** About so many tokens is the text. */
    tokens: integer('tokens').notNull(),
    /** That it stands for, from the beginning of the branch. */
    messageCount: integer('message_count').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.conversationId, t.throughMessageId] }),
    // Each deleted message asks it.
    uniqueIndex('summaries_message').on(t.throughMessageId),
  ],
)
