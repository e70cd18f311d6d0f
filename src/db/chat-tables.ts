import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'
import { users } from './tables.ts'

/** How a model is to answer. What is absent is left to whoever comes next: message, conversation, settings. */
export interface Parameters {
  temperature?: number
  top_p?: number
  max_tokens?: number
}

/** `running`, then exactly one of the others, for ever. */
export const turnStates = ['running', 'complete', 'stopped', 'failed', 'interrupted'] as const
export type TurnState = (typeof turnStates)[number]

export const conversations = pgTable(
  'conversations',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** null until its first question has been asked. */
    title: text('title'),
    /** What the title is found by; null: not worked out yet. */
    titleTerms: integer('title_terms').array(),
    /** `provider/model`; null: the default model. */
    model: text('model'),
    /** null: the prompt of the settings. */
    systemPrompt: text('system_prompt'),
    parameters: jsonb('parameters').$type<Parameters>().notNull().default({}),
    /** The leaf of the branch that is shown; null while there is no message. */
    currentMessageId: uuid('current_message_id'),
    isPinned: boolean('is_pinned').notNull().default(false),
    isArchived: boolean('is_archived').notNull().default(false),
    /** In no list; deleted a day after its last message. */
    isTemporary: boolean('is_temporary').notNull().default(false),
    createdAt: createdAt(),
    /** Of the last message; of its creation while it has none. */
    lastMessageAt: moment('last_message_at').notNull().defaultNow(),
    /** Set: in the bin, and gone for good 30 days later. */
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    index('conversations_list')
      .on(t.userId, t.isArchived, t.isPinned.desc(), t.lastMessageAt.desc(), t.id.desc())
      .where(sql`${t.deletedAt} is null and not ${t.isTemporary}`),
    index('conversations_bin')
      .on(t.userId, t.deletedAt.desc(), t.id.desc())
      .where(sql`${t.deletedAt} is not null and not ${t.isTemporary}`),
    // In an order that nothing which happens meanwhile disturbs.
    index('conversations_export').on(t.userId, t.id).where(sql`${t.deletedAt} is null`),
    index('conversations_deleted').on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index('conversations_temporary').on(t.lastMessageAt).where(sql`${t.isTemporary}`),
    index('conversations_search')
      .using('gin', t.titleTerms)
      .with({ gin_pending_list_limit: 128 })
      .where(sql`${t.titleTerms} is not null`),
    index('conversations_without_terms')
      .on(t.userId, t.id)
      .where(sql`${t.titleTerms} is null and ${t.title} is not null`),
  ],
)

/** A tree: `parentId` is what a message follows; editing and regenerating add a sibling and lose nothing. */
export const messages = pgTable(
  'messages',
  {
    id: uuid('id').primaryKey(),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** null: the beginning of a conversation. */
    parentId: uuid('parent_id'),
    role: text('role', { enum: ['user', 'assistant'] }).notNull(),
    content: text('content').notNull(),
    reasoning: text('reasoning'),
    status: text('status', { enum: turnStates }).notNull(),
    /** `provider/model` that answered; null for a question. */
    model: text('model'),
    finishReason: text('finish_reason'),
    /** Why it is `failed` or `interrupted`. */
    errorCode: text('error_code'),
    promptTokens: integer('prompt_tokens'),
    completionTokens: integer('completion_tokens'),
    isUsageEstimated: boolean('is_usage_estimated'),
    /** In millionths of the currency; null: no price is known. */
    costMicros: bigint('cost_micros', { mode: 'number' }),
    durationMs: integer('duration_ms'),
    timeToFirstTokenMs: integer('time_to_first_token_ms'),
    rating: text('rating', { enum: ['up', 'down'] }),
    ratingNote: text('rating_note'),
    /** What its content is found by; null: not worked out yet. */
    searchTerms: integer('search_terms').array(),
    createdAt: createdAt(),
  },
  (t) => [
    index('messages_tree').on(t.conversationId, t.parentId),
    index('messages_recent').on(t.userId, t.createdAt.desc(), t.id.desc()),
    // What has not been entered yet is read by each search: a short list, that is.
    index('messages_search')
      .using('gin', t.searchTerms)
      .with({ gin_pending_list_limit: 256 })
      .where(sql`${t.searchTerms} is not null`),
    index('messages_without_terms')
      .on(t.userId, t.createdAt.desc(), t.id.desc())
      .where(sql`${t.searchTerms} is null and ${t.status} <> 'running'`),
    check('messages_role_known', sql`${t.role} in ('user', 'assistant')`),
    check(
      'messages_usage_not_negative',
      sql`${t.promptTokens} >= 0 and ${t.completionTokens} >= 0 and ${t.costMicros} >= 0`,
    ),
  ],
)

/** One question and its answer being made: by which instance, and how it ended. */
export const turns = pgTable(
  'turns',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userMessageId: uuid('user_message_id').notNull(),
    assistantMessageId: uuid('assistant_message_id').notNull(),
    model: text('model').notNull(),
    instanceId: uuid('instance_id').notNull(),
    state: text('state', { enum: turnStates }).notNull().default('running'),
    /** Which of the person's places for turns at once it takes; null: there is no such limit. */
    slot: integer('slot'),
    /** Somebody wants it stopped; its instance looks here. */
    isStopWanted: boolean('is_stop_wanted').notNull().default(false),
    /** Number of the log's last event, once it has ended. */
    lastSeq: integer('last_seq'),
    /** What was sent, for whoever ends it when its instance has died. */
    estimatedPromptTokens: integer('estimated_prompt_tokens').notNull().default(0),
    idempotencyKey: text('idempotency_key'),
    /** SHA-256 of the request that brought the key. */
    requestHash: text('request_hash'),
    startedAt: moment('started_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('turns_one_running').on(t.conversationId).where(sql`${t.state} = 'running'`),
    uniqueIndex('turns_slot').on(t.userId, t.slot).where(sql`${t.state} = 'running'`),
    uniqueIndex('turns_idempotency_key')
      .on(t.userId, t.idempotencyKey)
      .where(sql`${t.idempotencyKey} is not null`),
    index('turns_running').on(t.instanceId).where(sql`${t.state} = 'running'`),
    index('turns_conversation').on(t.conversationId, t.startedAt),
    index('turns_ended').on(t.endedAt),
  ],
)

/** What a running turn has said so far, appended every two seconds; gone when it has ended. */
export const turnChunks = pgTable(
  'turn_chunks',
  {
    turnId: uuid('turn_id')
      .notNull()
      .references(() => turns.id, { onDelete: 'cascade' }),
    /** Number of the last event in it. */
    seq: integer('seq').notNull(),
    text: text('text').notNull(),
    reasoning: text('reasoning').notNull(),
  },
  (t) => [primaryKey({ columns: [t.turnId, t.seq] })],
)

/** Processes that serve. One that has been silent for ten seconds is dead: whoever notices ends its turns. */
export const instances = pgTable('instances', {
  id: uuid('id').primaryKey(),
  /** By the database's clock, as those of two machines differ. */
  heartbeatAt: moment('heartbeat_at').notNull().defaultNow(),
})

/** How many tokens a model counts for each that our rule estimates. */
export const tokenFactors = pgTable('token_factors', {
  model: text('model').primaryKey(),
  factor: real('factor').notNull(),
  answers: integer('answers').notNull(),
})
