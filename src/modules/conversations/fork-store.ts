import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

export interface BranchStep {
  id: string
  /** Its answer is still being made. */
  isRunning: boolean
}

/** From the beginning to that message; empty: it is not of this conversation. */
export async function listBranchSteps(db: Db, conversationId: string, leafId: string): Promise<BranchStep[]> {
  const result = await db.execute(sql`
    with recursive branch as (
      select id, parent_id, status, 1 as depth from messages
      where id = ${leafId}::uuid and conversation_id = ${conversationId}::uuid
      union all
      select m.id, m.parent_id, m.status, b.depth + 1 from branch b cross join lateral (
        select id, parent_id, status from messages where id = b.parent_id offset 0
      ) m
    )
    select id, status = 'running' as "isRunning" from branch order by depth desc`)
  return rowsOf(result)
}

export interface Fork {
  id: string
  sourceId: string
  userId: number
  /** Oldest first: what is copied, and the ids of the copies. */
  messages: { id: string; copyId: string }[]
  createdAt: Date
}

/** All or nothing. False: the conversation or the last of the messages is gone. */
export async function insertFork(db: Db, fork: Fork): Promise<boolean> {
  const { messages } = fork
  const createdAt = sql`${fork.createdAt.toISOString()}::timestamptz`
  const last = messages.at(-1)
  const ids = uuids(messages.map(({ id }) => id))
  const copyIds = uuids(messages.map(({ copyId }) => copyId))
  const parentIds = uuids(messages.map((_, at) => messages[at - 1]?.copyId ?? 'NULL'))
  const result = await db.execute(sql`
    with forked as (
      insert into conversations (id, user_id, title, title_terms, model, system_prompt, parameters, current_message_id,
        is_temporary, created_at, last_message_at)
      select ${fork.id}::uuid, user_id, title, title_terms, model, system_prompt, parameters, ${last?.copyId ?? null}::uuid,
        is_temporary, ${createdAt}, ${createdAt}
      from conversations where id = ${fork.sourceId}::uuid and user_id = ${fork.userId} and deleted_at is null
        and (${last?.id ?? null}::uuid is null or exists (select 1 from messages
          where id = ${last?.id ?? null}::uuid and conversation_id = ${fork.sourceId}::uuid))
      returning id
    ), copied as (
      insert into messages (id, conversation_id, user_id, parent_id, role, content, search_terms, reasoning, status, model,
        finish_reason, error_code, prompt_tokens, completion_tokens, is_usage_estimated, cost_micros, duration_ms,
        time_to_first_token_ms, created_at)
      select copy.id, forked.id, m.user_id, copy.parent_id, m.role, m.content, m.search_terms, m.reasoning, m.status, m.model,
        m.finish_reason, m.error_code, m.prompt_tokens, m.completion_tokens, m.is_usage_estimated, m.cost_micros,
        m.duration_ms, m.time_to_first_token_ms, m.created_at
      from forked cross join unnest(${ids}::uuid[], ${copyIds}::uuid[], ${parentIds}::uuid[])
          as copy(source_id, id, parent_id)
        join messages m on m.id = copy.source_id
    ), summarised as (
      insert into summaries (user_id, conversation_id, through_message_id, text, model, tokens, message_count, created_at)
      select s.user_id, forked.id, copy.id, s.text, s.model, s.tokens, s.message_count, s.created_at
      from forked cross join unnest(${ids}::uuid[], ${copyIds}::uuid[]) as copy(source_id, id)
        join summaries s on s.user_id = ${fork.userId} and s.conversation_id = ${fork.sourceId}::uuid
          and s.through_message_id = copy.source_id
    )
    select id from forked`)
  return rowsOf(result).length > 0
}

function uuids(ids: string[]): string {
  return `{${ids.join(',')}}`
}
