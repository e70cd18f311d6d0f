import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type TurnState, turns } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { enterInLedger, type LedgerRow } from '../../db/ledger.ts'
import { rowsOf } from '../../db/rows.ts'
import { isUniqueViolation } from '../../db/unique-violation.ts'
import { type UsageCall, type UsageGrant, usageReserve } from '../../db/usage-reserve.ts'

// Beginning

/** What is to be written when a turn begins. */
export interface NewTurn {
  id: string
  userId: number
  conversationId: string
  instanceId: string
  /** `provider/model`. */
  model: string
  /** null: the question is there already, and gets another answer. `terms`: what it is found by, as `integer[]`. */
  question: { id: string; parentId: string | null; content: string; terms: string } | null
  userMessageId: string
  assistantMessageId: string
  estimatedPromptTokens: number
  idempotencyKey: string | null
  requestHash: string | null
  startedAt: Date
  /** Turns that this person may have running at once; null: any number. */
  maxPerUser: number | null
  /** What room is to be held for it. */
  usage: UsageCall
}

/**
 * `conversation_gone`: deleted, or the message that the question follows is. `conversation_busy`: a turn runs in it.
 * `user_busy`: all places of this person are taken. `key_taken`: the idempotency key has its turn already. An object
 * without a refusal: it has begun; with one: nothing was written.
 */
export type Beginning = UsageGrant | 'conversation_gone' | 'conversation_busy' | 'user_busy' | 'key_taken'

/**
 * Writes question, empty answer and turn, all or nothing, in one statement. Conversation first, then message: whoever
 * is deleting there at this very moment holds the one, and may have deleted the other when it is let go.
 */
export async function insertTurn(db: Db, turn: NewTurn): Promise<Beginning> {
  // Two at once may pick the same free place: the index lets one in, the other looks again.
  for (let tries = 0; tries < 8; tries++) {
    try {
      return await tryInsertTurn(db, turn)
    } catch (error) {
      if (isUniqueViolation(error, 'turns_idempotency_key')) return 'key_taken'
      if (isUniqueViolation(error, 'turns_one_running')) return 'conversation_busy'
      if (!isUniqueViolation(error, 'turns_slot')) throw error
    }
  }
  return 'user_busy'
}

async function tryInsertTurn(db: Db, turn: NewTurn): Promise<Beginning> {
  const { question } = turn
  const startedAt = sql`${turn.startedAt.toISOString()}::timestamptz`
  const followed = question === null ? turn.userMessageId : question.parentId
  const place =
    turn.maxPerUser === null
      ? sql`select null::integer as slot`
      : sql`select slot from generate_series(1, ${turn.maxPerUser}::integer) as slot
          where not exists (select 1 from turns
            where turns.user_id = ${turn.userId} and turns.state = 'running' and turns.slot = slot.slot)
          limit 1`
  const asked =
    question === null
      ? sql`select 1`
      : sql`insert into messages (id, conversation_id, user_id, parent_id, role, content, status, search_terms, created_at)
          select ${question.id}::uuid, conversation.id, user_id, ${question.parentId}::uuid, 'user', ${question.content},
            'complete', ${question.terms}::integer[], ${startedAt}
          from conversation join begun on true`
  const result = await db.execute(sql`
    with ${lockedConversation(turn, followed)}, place as (${place}), admitted as materialized (
      select id, user_id, slot from conversation, place
    ), reserved as materialized (
      select r.* from admitted, lateral ${usageReserve(turn.usage, sql`admitted.user_id`)} r
    ), begun as (
      insert into turns (id, user_id, conversation_id, user_message_id, assistant_message_id, model, instance_id,
        slot, estimated_prompt_tokens, idempotency_key, request_hash, started_at)
      select ${turn.id}::uuid, user_id, id, ${turn.userMessageId}::uuid, ${turn.assistantMessageId}::uuid,
        ${turn.model}, ${turn.instanceId}::uuid, slot, ${turn.estimatedPromptTokens}, ${turn.idempotencyKey}, ${turn.requestHash}, ${startedAt}
      from admitted join reserved on reserved.refusal is null
      returning id
    ), question as (${asked}), answer as (
      insert into messages (id, conversation_id, user_id, parent_id, role, content, status, model, created_at)
      select ${turn.assistantMessageId}::uuid, conversation.id, user_id, ${turn.userMessageId}::uuid, 'assistant', '', 'running',
        ${turn.model}, ${startedAt}
      from conversation join begun on true
    ), shown as (
      update conversations set current_message_id = ${turn.assistantMessageId}::uuid, last_message_at = ${startedAt}
      where id in (select conversation.id from conversation join begun on true)
    )
    select (select count(*) from conversation)::integer as found, granted, "left", refusal
    from (select) as always left join reserved on true`)
  const [row] = rowsOf<{ found: number } & (UsageGrant | { granted: null })>(result)
  if (row !== undefined && row.granted !== null) return row
  return row?.found === 1 ? 'user_busy' : 'conversation_gone'
}

/** `conversation`: none when it, or the message that is followed there, is gone. Nobody deletes either until the end. */
function lockedConversation(
  { conversationId, userId }: { conversationId: string; userId: number },
  followed: string | null,
): SQL {
  return sql`locked as (
      select id, user_id from conversations
      where id = ${conversationId}::uuid and user_id = ${userId} and deleted_at is null for update
    ), followed as (
      select m.id from messages m join locked on locked.id = m.conversation_id
      where m.id = ${followed}::uuid for key share of m
    ), conversation as (
      select id, user_id from locked where ${followed}::uuid is null or exists (select 1 from followed)
    )`
}

// Finding

export interface StoredTurn {
  id: string
  userId: number
  conversationId: string
  userMessageId: string
  assistantMessageId: string
  model: string
  state: TurnState
  requestHash: string | null
  lastSeq: number | null
  startedAt: Date
}

const turnColumns = {
  id: turns.id,
  userId: turns.userId,
  conversationId: turns.conversationId,
  userMessageId: turns.userMessageId,
  assistantMessageId: turns.assistantMessageId,
  model: turns.model,
  state: turns.state,
  requestHash: turns.requestHash,
  lastSeq: turns.lastSeq,
  startedAt: turns.startedAt,
}

export async function findTurn(db: Db, userId: number, id: string): Promise<StoredTurn | null> {
  const [row] = await db
    .select(turnColumns)
    .from(turns)
    .where(and(eq(turns.id, id), eq(turns.userId, userId)))
  return row ?? null
}

export async function findTurnByKey(db: Db, userId: number, key: string): Promise<StoredTurn | null> {
  const [row] = await db
    .select(turnColumns)
    .from(turns)
    .where(and(eq(turns.userId, userId), eq(turns.idempotencyKey, key)))
  return row ?? null
}

export async function findRunningTurn(db: Db, conversationId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: turns.id })
    .from(turns)
    .where(and(eq(turns.conversationId, conversationId), eq(turns.state, 'running')))
  return row?.id ?? null
}

/** Lets the key of an old turn be used again. */
export async function forgetKey(db: Db, turnId: string): Promise<void> {
  await db.update(turns).set({ idempotencyKey: null }).where(eq(turns.id, turnId))
}

/** Keys older than this are forgotten, at most `limit` at once; the number. */
export async function forgetKeysBefore(db: Db, before: Date, limit: number): Promise<number> {
  const result = await db.execute(sql`
    update turns set idempotency_key = null where id in (
      select id from turns where idempotency_key is not null and started_at < ${before.toISOString()}::timestamptz
      limit ${limit})
    returning id`)
  return rowsOf(result).length
}

export interface NewQuestion {
  id: string
  userId: number
  conversationId: string
  parentId: string | null
  content: string
  /** What it is found by, as `integer[]`. */
  terms: string
  createdAt: Date
}

/** A question without an answer, shown last. False: the conversation or what it follows is gone. */
export async function insertQuestion(db: Db, question: NewQuestion): Promise<boolean> {
  const createdAt = sql`${question.createdAt.toISOString()}::timestamptz`
  const result = await db.execute(sql`
    with ${lockedConversation(question, question.parentId)}, asked as (
      insert into messages (id, conversation_id, user_id, parent_id, role, content, status, search_terms, created_at)
      select ${question.id}::uuid, id, ${question.userId}, ${question.parentId}::uuid, 'user', ${question.content},
        'complete', ${question.terms}::integer[], ${createdAt} from conversation
    )
    update conversations set current_message_id = ${question.id}::uuid, last_message_at = ${createdAt}
    where id in (select id from conversation) returning id`)
  return rowsOf(result).length > 0
}

// Stopping

/** Asks whichever instance generates it to stop. False: this person has no such turn. */
export async function wantStop(db: Db, userId: number, turnId: string): Promise<boolean> {
  const rows = await db
    .update(turns)
    .set({ isStopWanted: sql`${turns.isStopWanted} or ${turns.state} = 'running'` })
    .where(and(eq(turns.id, turnId), eq(turns.userId, userId)))
    .returning({ id: turns.id })
  return rows.length > 0
}

export async function hasRunningTurn(db: Db, userId: number): Promise<boolean> {
  const isRunning = and(eq(turns.userId, userId), eq(turns.state, 'running'))
  return (await db.select({ id: turns.id }).from(turns).where(isRunning).limit(1)).length > 0
}

/** Of these running turns, those that must end: stopped from elsewhere, deleted, ended by another instance, or a banned person's. */
export async function listTurnsToEnd(
  db: Db,
  turnIds: string[],
): Promise<{ id: string; why: 'stopped' | 'interrupted' }[]> {
  const result = await db.execute(sql`
    select mine.id, case when t.state = 'running' then 'stopped' else 'interrupted' end as why
    from unnest(${`{${turnIds.join(',')}}`}::uuid[]) as mine(id)
    left join turns t on t.id = mine.id
    left join conversations c on c.id = t.conversation_id
    left join users u on u.id = t.user_id
    where t.id is null or t.state <> 'running' or t.is_stop_wanted or c.deleted_at is not null or not u.is_active`)
  return rowsOf(result)
}

// Titles

export interface NewTitle {
  title: string
  /** What it is found by, as `integer[]`. */
  terms: string
  conversationId: string
  /** What it cost; null: no model was asked. */
  usage: LedgerRow | null
  timezone: string
}

/** Names a conversation that has no name yet, and enters what that cost. False: it has one by now. */
export async function insertTitle(db: Db, title: NewTitle): Promise<boolean> {
  const entered = title.usage === null ? sql`select 1` : enterInLedger([title.usage], title.timezone)
  const result = await db.execute(sql`
    with entered as (${entered})
    update conversations set title = ${title.title}, title_terms = ${title.terms}::integer[]
    where id = ${title.conversationId}::uuid and title is null
    returning id`)
  return rowsOf(result).length > 0
}
