import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import type { BranchMessage } from './read-branch.ts'

/** From a message upwards until there is enough, oldest first. */
export async function listBranch(
  db: Db,
  userId: number,
  conversationId: string,
  leafId: string,
  { maxChars, maxMessages }: { maxChars: number; maxMessages: number },
): Promise<BranchMessage[]> {
  const result = await db.execute(sql`
    with recursive branch as (
      select parent_id, role, content, char_length(content)::bigint as chars, 1 as depth from messages
      where id = ${leafId}::uuid and conversation_id = ${conversationId}::uuid and user_id = ${userId}
      union all
      select m.parent_id, m.role, m.content, b.chars + char_length(m.content), b.depth + 1
      from branch b join messages m on m.id = b.parent_id
      where b.chars < ${maxChars} and b.depth < ${maxMessages}
    )
    select role, content from branch order by depth desc`)
  return rowsOf(result)
}
