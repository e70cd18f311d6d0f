import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createId } from '../../../src/lib/ids.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { rows, withTwoPeople } from '../conversations/conversations.ts'
import { shareChain } from './shares.ts'

setDefaultTimeout(60_000)

const json = { 'content-type': 'application/json' }

describeOnBothStacks('who may share and withdraw what', (start) => {
  test("another's share, or conversation, looks like one that never was", async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const his = await shareChain(bob)
    const state = () => rows(app, sql`select * from shares order by id`)
    const before = await state()
    const routes = (share: string, conversation: string): [string, string, object?][] => [
      ['POST', `/conversations/${conversation}/shares`, {}],
      ['PUT', `/shares/${share}`, { title: 'stolen' }],
      ['PUT', `/shares/${share}`, {}],
      ['DELETE', `/shares/${share}`],
    ]
    const ask = async (share: string, conversation: string) => {
      const answers = []
      for (const [method, path, body] of routes(share, conversation)) {
        const { status, body: problem } = await ann.ask(
          method,
          path,
          body && JSON.stringify(body),
          body && json,
        )
        answers.push([method, status, problem.code, problem.detail])
      }
      return answers
    }
    const foreign = await ask(his.id, his.conversation_id)
    expect(foreign.map(([, status]) => status)).toEqual([404, 404, 404, 404])
    expect(foreign).toEqual(await ask(createId(), createId()))
    for (const id of ['1', '%00', "' or 1=1 --", his.token]) {
      expect((await ask(id, id)).map(([, status]) => status)).toEqual([404, 404, 404, 404])
    }
    expect(await state()).toEqual(before)
    const stranger = app.visitor()
    for (const [method, path, body] of [
      ...routes(his.id, his.conversation_id),
      ['GET', '/shares'] as const,
    ]) {
      const init = body ? { headers: json, body: JSON.stringify(body) } : {}
      const { status } = await stranger.fetch(`/api/v1${path}`, { method, ...init })
      expect([method, path, status]).toEqual([method, path, 401])
    }
  })
})
