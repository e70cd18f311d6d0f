import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** Where a row stands, newest first; `at` to the microsecond, without a time zone, in UTC. */
export interface Place {
  at: string
  id: string
}

/** What is looked for, among what, and behind which row. */
export interface Wanted {
  userId: number
  /** As `integer[]`; null: no index helps. */
  terms: string | null
  /** As `integer[]`: texts of more terms than are kept. */
  rest: string
  /** For the lower-cased texts of which the terms are not known yet. */
  patterns: string[]
  /** Regular expressions that lower-cased texts must match if they are of ASCII alone. */
  phrases: string[]
  conversationId: string | null
  role: 'user' | 'assistant' | null
  isArchived: boolean | null
  from: Date | null
  to: Date | null
  before: Place | null
}

/** What may be a hit: the whole text, for whoever looks closer. */
export interface Candidate extends Place {
  conversationId: string
  title: string | null
  /** null: it is the title. */
  role: 'user' | 'assistant' | null
  text: string
}

const timeLimitMs = 2000

/**
 * For a search: with a time limit of its own, and so that the planner uses the index that is meant: how often a hashed
 * term occurs it can only guess.
 */
export function inSearch<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('statement_timeout', ${String(timeLimitMs)}, true),
      set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`)
    return work(tx)
  })
}

/** The first `limit` of those that the index finds; null: they are more than `most`, too many to be put in order. */
export async function listFew(
  db: Db,
  wanted: Wanted,
  { limit, most }: { limit: number; most: number },
): Promise<Candidate[] | null> {
  const { phrases } = wanted
  const withContent = phrases.length > 0 ? sql`join messages t on t.id = m.id` : sql``
  const result = await db.execute(sql`
    with found as materialized (${foundByTerms(wanted, sql`limit ${most + 1}`)}), number as (
      select count(*)::integer as number from found
    ), page as (
      select m.id from found m ${withContent} ${withConversation}
      where (select number from number) <= ${most} and ${isSearched(wanted)} and ${holdsPhrases(phrases, sql`t.content`)}
      order by m.created_at desc, m.id desc limit ${limit}
    )
    select number.number, ${candidate} from number
    left join (page join messages m on m.id = page.id join conversations c on c.id = m.conversation_id) on true
    order by m.created_at desc, m.id desc`)
  const rows = rowsOf<Candidate & { number: number }>(result)
  if ((rows[0]?.number ?? 0) > most) return null
  return rows.filter(({ id }) => id !== null)
}

/** The first `limit` of those that the index finds, however many they are. */
export async function listMany(db: Db, wanted: Wanted, limit: number): Promise<Candidate[]> {
  // In order before they are looked at: then a page of them is enough.
  const result = await db.execute(sql`
    with found as materialized (${foundByTerms(wanted, sql``)}), page as (
      select m.id from (select * from found order by created_at desc, id desc) m ${withConversation}
      where ${isSearched(wanted)} order by m.created_at desc, m.id desc limit ${limit}
    )
    select ${candidate} from page join messages m on m.id = page.id join conversations c on c.id = m.conversation_id
    order by m.created_at desc, m.id desc`)
  return rowsOf(result)
}

/** The first `limit` among the newest `depth` messages. */
export async function listRecent(
  db: Db,
  wanted: Wanted,
  { limit, depth }: { limit: number; depth: number },
): Promise<Candidate[]> {
  // In the order of an index, instead of putting all that a person has in order. For nothing else: what must be
  // sorted is then so dear to PostgreSQL before 18 that all ways seem the same to it.
  await db.execute(sql`select set_config('enable_sort', 'off', true)`)
  const candidates = await listFrom(db, wanted, sql`limit ${depth}`, limit)
  await db.execute(sql`select set_config('enable_sort', 'on', true)`)
  return candidates
}

/** Where the newest `depth` messages end; null: there are no more. */
export async function findEnd(db: Db, wanted: Wanted, depth: number): Promise<Place | null> {
  const result = await db.execute(sql`
    select m.id, ${atOf(sql`m.created_at`)} as at from messages m where ${range(wanted)}
    order by m.created_at desc nulls last, m.id desc nulls last limit 1 offset ${depth - 1}`)
  return rowsOf<Place>(result)[0] ?? null
}

/** The first `limit` of the conversation that is meant. */
export function listInConversation(db: Db, wanted: Wanted, limit: number): Promise<Candidate[]> {
  return listFrom(db, wanted, sql``, limit)
}

async function listFrom(db: Db, wanted: Wanted, depth: SQL, limit: number): Promise<Candidate[]> {
  const result = await db.execute(sql`
    select ${candidate} from (
      select * from messages m where ${range(wanted)}
      order by m.created_at desc nulls last, m.id desc nulls last ${depth}
    ) m ${withConversation}
    where ${isSearched(wanted)} and ${isMatch(wanted)}
    order by m.created_at desc nulls last, m.id desc nulls last limit ${limit}`)
  return rowsOf(result)
}

/** Of the conversations whose title may be a hit, the newest by their creation. */
export async function listTitles(db: Db, wanted: Wanted, limit: number): Promise<Candidate[]> {
  const { terms, userId, patterns, conversationId } = wanted
  const where = sql`${isSearched(wanted)} and ${isWithin(wanted, sql`c.created_at`, sql`c.id`)}
    and ${conversationId === null ? sql`true` : sql`c.id = ${conversationId}::uuid`}`
  const columns = sql`c.id, c.title, c.created_at`
  const isLike = likeAll(sql`c.title`, patterns)
  const found =
    terms === null
      ? sql`select ${columns} from conversations c where c.user_id = ${userId} and ${isLike} and ${where}`
      : sql`select ${columns} from conversations c
            where c.title_terms @> ${terms}::integer[] and c.user_id + 0 = ${userId} and ${where}
          union all
          select ${columns} from conversations c
            where c.title_terms is null and c.title is not null and c.user_id = ${userId} and ${isLike} and ${where}`
  const result = await db.execute(sql`
    select id, id as "conversationId", title, null as role, title as text, ${atOf(sql`created_at`)} as at
    from (${found}) c order by c.created_at desc, c.id desc limit ${limit}`)
  return rowsOf(result)
}

const candidate = sql`m.id, m.conversation_id as "conversationId", c.title, m.role, m.content as text,
  ${atOf(sql`m.created_at`)} as at`

function atOf(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`
}

/** `user_id + 0`: not by the person's own index, through all that is his. */
function foundByTerms(wanted: Wanted, limit: SQL): SQL {
  const { userId, patterns } = wanted
  const from = sql`select m.id, m.created_at, m.conversation_id from messages m`
  const where = sql`${isOfRole(wanted)} and ${isWithin(wanted, sql`m.created_at`, sql`m.id`)}`
  return sql`
    (${from} where ${holdsTerms(wanted)} and m.user_id + 0 = ${userId} and ${where} ${limit})
    union all
    (${from} where m.search_terms is null and m.status <> 'running' and m.user_id = ${userId}
      and ${likeAll(sql`m.content`, patterns)} and ${where} ${limit})`
}

/** `offset 0`: looked up by its id for each message. Whatever else the planner may think of is much slower. */
const withConversation = sql`cross join lateral (
    select user_id, title, is_archived, is_temporary, deleted_at from conversations
    where conversations.id = m.conversation_id offset 0
  ) c`

function isMatch(wanted: Wanted): SQL {
  const isLike = sql`m.status <> 'running' and ${likeAll(sql`m.content`, wanted.patterns)}`
  if (wanted.terms === null) return isLike
  return sql`(${holdsTerms(wanted)} and ${holdsPhrases(wanted.phrases, sql`m.content`)} or m.search_terms is null and ${isLike})`
}

function holdsTerms({ terms, rest }: Wanted): SQL {
  return sql`(m.search_terms @> ${terms}::integer[] or m.search_terms @> ${rest}::integer[])`
}

/** Spares the words of a phrase that are frequent, but seldom beside each other, from being looked at one by one. */
function holdsPhrases(phrases: string[], text: SQL): SQL {
  return sql.join(
    [
      sql`true`,
      ...phrases.map(
        (phrase) =>
          sql`(lower(${text} collate "C") ~ ${phrase} or octet_length(${text}) <> char_length(${text}))`,
      ),
    ],
    sql` and `,
  )
}

function likeAll(text: SQL, patterns: string[]): SQL {
  return sql.join(
    patterns.map((pattern) => sql`lower(${text} collate "C") like ${pattern}`),
    sql` and `,
  )
}

function range(wanted: Wanted): SQL {
  const { conversationId, userId } = wanted
  const whose =
    conversationId === null
      ? sql`m.user_id = ${userId}`
      : sql`m.conversation_id = ${conversationId}::uuid and m.user_id + 0 = ${userId}`
  return sql`${whose} and ${isOfRole(wanted)} and ${isWithin(wanted, sql`m.created_at`, sql`m.id`)}`
}

function isSearched({ userId, isArchived }: Wanted): SQL {
  return sql`c.user_id + 0 = ${userId} and c.deleted_at is null and not c.is_temporary
    and ${isArchived === null ? sql`true` : sql`c.is_archived = ${isArchived}`}`
}

function isOfRole({ role }: Wanted): SQL {
  return role === null ? sql`true` : sql`m.role = ${role}`
}

function isWithin({ from, to, before }: Wanted, at: SQL, id: SQL): SQL {
  return sql.join(
    [
      sql`true`,
      ...(from === null ? [] : [sql`${at} >= ${from.toISOString()}::timestamptz`]),
      ...(to === null ? [] : [sql`${at} < ${to.toISOString()}::timestamptz`]),
      ...(before === null
        ? []
        : [sql`(${at}, ${id}) < (${before.at}::timestamp at time zone 'UTC', ${before.id}::uuid)`]),
    ],
    sql` and `,
  )
}
