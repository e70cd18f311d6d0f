import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Db } from '../../../src/db/db.ts'
import { rowsOf } from '../../../src/db/rows.ts'
import { saveEdit } from '../../../src/modules/chat/answer-again.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { lockConversation } from '../../../src/modules/conversations/store.ts'
import { deleteSubtree, showWhatIsLeft } from '../../../src/modules/conversations/tree-store.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { branchOf, converse, plant, plantChain, plantTurn, rows, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('deleting a message', (start) => {
  test('takes all that follows it; its parent is shown last', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    const [q1, a1, q2] = (await plantChain(ann, id, 4)) as [string, string, string]
    await plant(ann, id, { parent: q2, role: 'assistant' })
    expect(await ann.delete(`/messages/${q2}`)).toEqual({ status: 204, body: null })
    expect((await ann.get(`/conversations/${id}`)).body.current_message_id).toBe(a1)
    expect(await branchOf(ann, id)).toEqual([q1, a1])
    expect((await rows(app, sql`select id from messages`)).length).toBe(2)
    expect((await ann.delete(`/messages/${q2}`)).body).toMatchObject({ status: 404, code: 'not_found' })
    await ann.delete(`/messages/${q1}`)
    expect((await ann.get(`/conversations/${id}`)).body.current_message_id).toBeNull()
    expect(await branchOf(ann, id)).toEqual([])
  })

  test('what is shown stays when another branch goes', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const [q1, a1, q2, a2] = (await plantChain(ann, id, 4)) as [string, string, string, string]
    const [q3, a3] = (await plantChain(ann, id, 2, a1)) as [string, string]
    await ann.delete(`/messages/${q2}`)
    expect(await branchOf(ann, id)).toEqual([q1, a1, q3, a3])
    expect((await ann.get(`/conversations/${id}/messages?leaf=${a2}`)).status).toBe(404)
    expect((await ann.get(`/conversations/${id}/messages`)).body.items[2].siblings).toEqual([q3])
  })

  test("the parent's other branch is shown rather than nothing", async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const [q1, a1] = (await plantChain(ann, id, 2)) as [string, string]
    const [q2, a2] = (await plantChain(ann, id, 2, a1)) as [string, string]
    const again = await plant(ann, id, { parent: q2, role: 'assistant' })
    await ann.delete(`/messages/${again}`)
    expect(await branchOf(ann, id)).toEqual([q1, a1, q2, a2])
    const anew = await plant(ann, id)
    await ann.delete(`/messages/${anew}`)
    expect(await branchOf(ann, id)).toEqual([q1, a1, q2, a2])
  })

  test('waits for an answer that is being made', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    const [q1, a1] = (await plantChain(ann, id, 2)) as [string, string]
    const beside = await plant(ann, id, { parent: q1, role: 'assistant' })
    const q2 = await plant(ann, id, { parent: a1 })
    const { turnId, answerId } = await plantTurn(ann, id, q2, ['so far'])
    for (const message of [q1, a1, q2, answerId]) {
      const refused = await ann.delete(`/messages/${message}`)
      expect(refused.body).toMatchObject({ status: 409, code: 'turn_running', turn_id: turnId })
    }
    expect((await ann.delete(`/messages/${beside}`)).status).toBe(204)
    expect(await branchOf(ann, id)).toEqual([q1, a1, q2, answerId])
    await app.deps.db.execute(sql`update turns set state = 'complete'`)
    expect((await ann.delete(`/messages/${answerId}`)).status).toBe(204)
    expect(await branchOf(ann, id)).toEqual([q1, a1, q2])
  })

  test('nobody answers what is being deleted', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const { deps } = app
    const id = await converse(ann, { title: 'x' })
    const [, answer, question = '', parentId, next = ''] = await plantChain(ann, id, 5)
    const asks: Promise<unknown>[] = []
    await deps.db.transaction(async (tx) => {
      expect(await lockConversation(tx, ann.userId, id)).toBe(true)
      const turn = { conversationId: id, content: 'hi', parentId }
      asks.push(errorOf(startTurn(deps, ann.userId, turn)), errorOf(saveEdit(deps, ann.userId, next, 'x')))
      // The embedded database lets nobody in before the end.
      if (app.config.database) await untilBothWait(deps.db)
      expect(await deleteSubtree(tx, id, question)).toEqual({ deleted: 3, runningTurnId: null })
      await showWhatIsLeft(tx, id, answer ?? '')
    })
    for (const error of await Promise.all(asks)) expect(error).toMatchObject({ code: 'not_found' })
    expect((await branchOf(ann, id)).at(-1)).toBe(answer)
    expect((await rows(app, sql`select id from messages`)).length).toBe(2)
  })

  test('at once and from all sides: nothing hangs in the air', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    for (let round = 0; round < 10; round++) {
      const id = await converse(ann)
      const ids = await plantChain(ann, id, 8)
      const switchTo = (message = '') => ann.put(`/conversations/${id}`, { current_message_id: message })
      const statuses = (
        await Promise.all([
          ann.delete(`/messages/${ids[2]}`),
          switchTo(ids[7]),
          ann.delete(`/messages/${ids[2]}`),
          ann.delete(`/messages/${ids[5]}`),
          switchTo(ids[3]),
          ann.post(`/conversations/${id}/fork`),
          ann.post(`/messages/${ids[3]}/rating`, { rating: 'up' }),
        ])
      ).map(({ status }) => status)
      expect([statuses[0], statuses[2]].sort()).toEqual([204, 404])
      expect(statuses.filter((status) => ![200, 201, 204, 404].includes(status))).toEqual([])
      expect(await branchOf(ann, id)).toEqual(ids.slice(0, 2))
      const orphans = sql`
        select m.id from messages m where m.parent_id is not null
          and not exists (select 1 from messages p where p.id = m.parent_id)
        union all
        select c.id from conversations c where current_message_id is not null
          and not exists (select 1 from messages m where m.id = c.current_message_id)`
      expect(await rows(app, orphans)).toEqual([])
    }
  })
})

/** Seen from outside the transaction: inside it, what others do stands still. */
async function untilBothWait(db: Db): Promise<void> {
  const waiting = sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while (rowsOf(await db.execute(waiting)).length < 2) await Bun.sleep(2)
}
