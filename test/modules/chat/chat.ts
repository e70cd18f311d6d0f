import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createSharedMemory, type Deps } from '../../../src/deps.ts'
import { createId, createUid } from '../../../src/lib/ids.ts'
import type { LogEntry } from '../../../src/modules/chat/events.ts'
import { followTurn } from '../../../src/modules/chat/follow-turn.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import type { StartApp, TestApp } from '../../support/harness.ts'

/** Somebody with an account, straight in the database. */
export async function createPerson({ db }: Pick<Deps, 'db'>): Promise<number> {
  const result = await db.execute(
    sql`insert into users (uid, username) values (${createUid()}, ${`user_${createUid()}`}) returning id::integer as id`,
  )
  return rowsOf<{ id: number }>(result)[0]?.id as number
}

/** An empty conversation, with a title already unless a test wants to see one being made. */
export async function createConversation(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  { title = 'A talk' as string | null, model = null as string | null } = {},
): Promise<string> {
  const id = createId()
  await db.execute(
    sql`insert into conversations (id, user_id, title, model) values (${id}::uuid, ${userId}, ${title}, ${model})`,
  )
  return id
}

/** Another process that shares database and store with this one. */
export function otherInstance(deps: Deps): Deps {
  return { ...deps, ...createSharedMemory(deps.now) }
}

/** All that a reader gets from there to the end. */
export async function readAll(deps: Deps, userId: number, turnId: string, after = 0): Promise<LogEntry[]> {
  const reader = await followTurn(deps, userId, turnId, after)
  const read: LogEntry[] = []
  for (let entries = await reader.next(); entries !== null; entries = await reader.next())
    read.push(...entries)
  reader.close()
  return read
}

/** What a client would show. */
export function textOf(entries: LogEntry[]): string {
  let text = ''
  for (const { type, data } of entries) {
    if (type === 'delta') text += JSON.parse(data).text
    if (type === 'snapshot') text = JSON.parse(data).text
  }
  return text
}

export interface MessageRow {
  id: string
  parent_id: string | null
  role: string
  content: string
  reasoning: string | null
  status: string
  finish_reason: string | null
  error_code: string | null
  prompt_tokens: number | null
  completion_tokens: number | null
  is_usage_estimated: boolean | null
  model: string | null
}

export async function messagesOf({ db }: Pick<Deps, 'db'>, conversationId: string): Promise<MessageRow[]> {
  return rowsOf(
    await db.execute(
      sql`select * from messages where conversation_id = ${conversationId}::uuid order by created_at, id`,
    ),
  )
}

export async function rows<Row>({ db }: Pick<Deps, 'db'>, query: ReturnType<typeof sql>): Promise<Row[]> {
  return rowsOf<Row>(await db.execute(query))
}

/** The whole service, somebody with an empty conversation, and the shortest way to ask something in it. */
export async function setUp(start: StartApp, env: Record<string, string> = {}) {
  const app = await start(env)
  const userId = await createPerson(app.deps)
  const conversationId = await createConversation(app.deps, userId)
  const ask = (content = 'hello', more: Partial<Parameters<typeof startTurn>[2]> = {}) =>
    startTurn(app.deps, userId, { conversationId, content, ...more })
  return {
    app,
    deps: app.deps,
    userId,
    conversationId,
    ask,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

/** What the model was last given to read. */
export function lastQuestion(app: TestApp): { role: string; content: string }[] {
  return app.upstream.requests.at(-1)?.body.messages as never
}
