import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { readBranch } from '../../../src/modules/conversations/read-branch.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, plantChain, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('a branch for a model to read', (start) => {
  test('goes from the beginning to that message, whatever is beside it', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const id = await converse(ann)
    const ids = await plantChain(ann, id, 4)
    await plantChain(ann, id, 2, ids[0])
    const read = (leafId: string | null, userId = ann.userId, conversationId = id) =>
      readBranch(app.deps, userId, conversationId, leafId)
    expect(await read(ids[2] ?? '')).toEqual([
      { id: ids[0] ?? '', role: 'user', content: 'text 0', summary: null, summarised: null },
      { id: ids[1] ?? '', role: 'assistant', content: 'text 1', summary: null, summarised: null },
      { id: ids[2] ?? '', role: 'user', content: 'text 2', summary: null, summarised: null },
    ])
    expect(await read(null)).toEqual([])
    expect(await read(ids[2] ?? '', bob.userId)).toEqual([])
    expect(await read(ids[2] ?? '', ann.userId, await converse(ann))).toEqual([])
  })

  test('ends with the message that goes beyond what may be read, and after 2,000 in any case', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    await app.deps.db.execute(sql`
      with ids as (select n, gen_random_uuid() as id from generate_series(1, 2100) as n),
      planted as (
        insert into messages (id, conversation_id, user_id, parent_id, role, content, status)
        select id, ${id}::uuid, ${ann.userId}, lag(id) over (order by n), 'user', '字' || (1000 + n), 'complete'
        from ids
      )
      update conversations set current_message_id = (select id from ids where n = 2100) where id = ${id}::uuid`)
    const leafId = (await ann.get(`/conversations/${id}`)).body.current_message_id
    const read = async (maxChars?: number) =>
      (await readBranch(app.deps, ann.userId, id, leafId, maxChars === undefined ? {} : { maxChars })).map(
        ({ content }) => content,
      )
    expect(await read(1)).toEqual(['字3100'])
    expect(await read(10)).toEqual(['字3099', '字3100'])
    expect(await read(11)).toEqual(['字3098', '字3099', '字3100'])
    const all = await read()
    expect([all.length, all[0], all.at(-1)]).toEqual([2000, '字1101', '字3100'])
  })
})
