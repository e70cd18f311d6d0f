import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { conversations } from './chat-tables.ts'
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
