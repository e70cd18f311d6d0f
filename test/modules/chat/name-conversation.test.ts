import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { followUserEvents } from '../../../src/modules/conversations/user-events.ts'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { createAsker } from './asker.ts'
import { createConversation, createPerson, readAll, rows } from './chat.ts'

/** Somebody asks the first question of a conversation; the model is asked for a title and for the answer. */
async function askFirst(start: StartApp, { title, answer }: { title: Script; answer: Script }) {
  const app = await start({ LLM_MAX_RETRIES: '0' })
  const { deps } = app
  const userId = await createPerson(deps)
  const conversationId = await createConversation(deps, userId, { title: null })
  const isForTitle = (body: Record<string, unknown>) => JSON.stringify(body.messages).includes('<message>')
  const either = (body: Record<string, unknown>) => (isForTitle(body) ? title : answer)
  app.upstream.play(either, either)
  const heard = Promise.withResolvers<string>()
  const stop = followUserEvents(deps, userId, (event) => {
    if (event.type === 'title') heard.resolve(event.data.title)
  })
  const { turnId } = await startTurn(deps, userId, { conversationId, content: '如何学习弹钢琴？' })
  const entries = await readAll(deps, userId, turnId)
  const told = await heard.promise
  stop()
  const [conversation] = await rows<{ title: string }>(deps, sql`select title from conversations`)
  const ledger = await rows(deps, sql`select kind, outcome from usage_events order by kind`)
  return {
    entries,
    told,
    stored: conversation?.title,
    ledger,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

describeOnBothStacks('the title of a conversation', (start) => {
  test('is in the log when it comes before the end, and in the ledger', async () => {
    await using at = await askFirst(start, { title: { text: ['学琴'] }, answer: { tokens: 60, delayMs: 10 } })
    expect([at.told, at.stored]).toEqual(['学琴', '学琴'])
    const titles = at.entries.filter(({ type }) => type === 'title')
    expect(titles.map(({ data }) => JSON.parse(data))).toEqual([{ title: '学琴' }])
    expect(at.ledger).toEqual([
      { kind: 'title', outcome: 'complete' },
      { kind: 'turn', outcome: 'complete' },
    ])
  })

  test('that comes late is told to the windows alone', async () => {
    await using at = await askFirst(start, {
      title: { text: ['学琴'], firstTokenMs: 600 },
      answer: { tokens: 2 },
    })
    expect([at.told, at.stored]).toEqual(['学琴', '学琴'])
    expect(at.entries.map(({ type }) => type)).not.toContain('title')
    expect(at.entries.at(-1)?.type).toBe('done')
  })

  test('that fails is cut from the question, and the answer is as if nothing had been', async () => {
    await using at = await askFirst(start, { title: { status: 500, body: '{}' }, answer: { tokens: 2 } })
    expect(at.stored).toBe('如何学习弹钢琴')
    expect(at.entries.at(-1)?.type).toBe('done')
  })

  test('is no question of its own: it takes none of those that a person may ask', async () => {
    await using app = await start({ LIMIT_SEND_USER: '2/60' })
    const ann = await createAsker(app, { title: null })
    const window = readEvents(await ann.visitor.get('/api/v1/events'))
    await (await ann.ask('hello')).all()
    await window.until(({ type }) => type === 'title')
    expect((await (await ann.ask('and again')).all()).at(-1)?.type).toBe('done')
    const refused = await ann.post(`/api/v1/conversations/${ann.conversationId}/messages`, { content: 'x' })
    expect(refused.status).toBe(429)
    await window.leave()
  })
})
