import { type SQL, sql } from 'drizzle-orm'
import { formatArray } from '../../db/array-text.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { isUniqueViolation } from '../../db/unique-violation.ts'
import type { Tag } from './get-conversation.ts'
import type { ListedTag, TagOrder } from './list-tags.ts'

// Two names that differ in their capitals alone are one: the index says so, by the same `lower`.

// The tags

/** In the bin and temporary ones do not count. */
export async function listTags(db: Db, userId: number, order: TagOrder): Promise<ListedTag[]> {
  const byName = sql`lower(t.name) collate "C", t.id`
  const result = await db.execute(sql`
    select t.id, t.name, count(c.id)::integer as "count",
      (extract(epoch from max(c.last_message_at)) * 1000)::float8 as "lastUsedAtMs"
    from tags t
    left join conversation_tags ct on ct.tag_id = t.id
    left join conversations c on c.id = ct.conversation_id and c.deleted_at is null and not c.is_temporary
    where t.user_id = ${userId}
    group by t.id
    order by ${order === 'last_used' ? sql`max(c.last_message_at) desc nulls last, ${byName}` : byName}`)
  return rowsOf<Omit<ListedTag, 'lastUsedAt'> & { lastUsedAtMs: number | null }>(result).map(
    ({ lastUsedAtMs, ...tag }) => ({
      ...tag,
      lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs),
    }),
  )
}

/**
 * All of them or none; those whose name is taken are left as they are. Returns the new ones: none also when there
 * would be more than `maxTags` in all.
 */
export async function insertTags(
  db: Db,
  userId: number,
  wanted: Tag[],
  { now, maxTags }: { now: Date; maxTags: number },
): Promise<Tag[]> {
  const result = await db.execute(sql`
    with wanted as (
      select w.id, w.name from unnest(${textOf(wanted.map(({ id }) => id))}::uuid[],
        ${textOf(wanted.map(({ name }) => name))}::text[]) as w(id, name)
      where not exists (select 1 from tags where user_id = ${userId} and lower(tags.name) = lower(w.name))
    )
    insert into tags (id, user_id, name, created_at)
    select id, ${userId}, name, ${now.toISOString()}::timestamptz from wanted
    where (select count(*) from tags where user_id = ${userId}) + (select count(*) from wanted) <= ${maxTags}
    order by lower(name)
    on conflict do nothing
    returning id, name`)
  return rowsOf(result)
}

/** Those of a person that are named by their id or their name. Until the end of the transaction none is deleted. */
export async function lockTags(
  db: Db,
  userId: number,
  { ids, names }: { ids: string[]; names: string[] },
): Promise<Tag[]> {
  const result = await db.execute(sql`
    select id, name from tags where user_id = ${userId} and (${isNamed(ids, names)})
    order by id for key share`)
  return rowsOf(result)
}

/** The same, and until the end of the transaction nobody else changes them. */
export async function lockTagsToChange(
  db: Db,
  userId: number,
  { ids, names }: { ids: string[]; names: string[] },
): Promise<(Tag & { isNamesake: boolean })[]> {
  const result = await db.execute(sql`
    select id, name, (${hasName(names)}) as "isNamesake" from tags
    where user_id = ${userId} and (${isNamed(ids, names)}) order by id for update`)
  return rowsOf(result)
}

/** False: the name has just been taken, and the transaction can only be given up. */
export async function setTagName(db: Db, id: string, name: string): Promise<boolean> {
  try {
    await db.execute(sql`update tags set name = ${name} where id = ${id}::uuid`)
    return true
  } catch (error) {
    if (isUniqueViolation(error, 'tags_name')) return false
    throw error
  }
}

/** What had the one has the other. In one statement: the rows are read before the deletion takes them along. */
export async function mergeTag(db: Db, fromId: string, intoId: string): Promise<void> {
  await db.execute(sql`
    with gone as (delete from tags where id = ${fromId}::uuid)
    insert into conversation_tags (conversation_id, tag_id)
    select conversation_id, ${intoId}::uuid from conversation_tags where tag_id = ${fromId}::uuid
    on conflict do nothing`)
}

/** False: this person has no such tag. */
export async function deleteTag(db: Db, userId: number, id: string): Promise<boolean> {
  const result = await db.execute(sql`
    delete from tags where id = ${id}::uuid and user_id = ${userId} returning id`)
  return rowsOf(result).length > 0
}

/** Whether no tag has one of these names. */
export async function isAnyUnknown(db: Db, userId: number, names: string[]): Promise<boolean> {
  const result = await db.execute(sql`
    select exists (select 1 from unnest(${textOf(names)}::text[]) as wanted
      where lower(wanted) not in (select lower(name) from tags where user_id = ${userId})) as "isUnknown"`)
  return rowsOf<{ isUnknown: boolean }>(result)[0]?.isUnknown ?? true
}

// What has them

/** For a conversation that is locked: these and no others. */
export async function replaceTags(db: Db, conversationId: string, tagIds: string[]): Promise<void> {
  await db.execute(sql`
    with wanted as (select unnest(${textOf(tagIds)}::uuid[]) as id), gone as (
      delete from conversation_tags
      where conversation_id = ${conversationId}::uuid and tag_id not in (select id from wanted)
    )
    insert into conversation_tags (conversation_id, tag_id)
    select ${conversationId}::uuid, id from wanted on conflict do nothing`)
}

function isNamed(ids: string[], names: string[]): SQL {
  return sql`id = any(${textOf(ids)}::uuid[]) or (${hasName(names)})`
}

function hasName(names: string[]): SQL {
  return sql`lower(name) in (select lower(wanted) from unnest(${textOf(names)}::text[]) as wanted)`
}

function textOf(items: string[]): string {
  return formatArray(items) as string
}
