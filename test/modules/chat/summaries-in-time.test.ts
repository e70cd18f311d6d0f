import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { deleteMessage } from '../../../src/modules/conversations/delete-message.ts'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { messagesOf, otherInstance, rows } from './chat.ts'
import { type Asked, contextWindow, startTalk, summaryOf, type Talk, textOf } from './talker.ts'

/** A conversation that a large model has had, with so much in it that the small one cannot read it; no summary yet. */
async function startLongTalk(start: StartApp, env: Record<string, string> = {}) {
  const talk = await startTalk(start, env)
  await talk.askOften(12, { model: 'deepseek/large' })
  expect(talk.summaryRequests()).toEqual([])
  return talk
}

/** The first summary is made when the test says so. */
function holdSummary({ says }: Talk, after: () => Script = () => summaryOf('They spoke of the sea.')) {
  const { promise: isAsked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: isDue, resolve: release } = Promise.withResolvers<void>()
  says.summary = () => {
    ask()
    says.summary = after
    return { ...after(), until: isDue }
  }
  return { isAsked, release }
}

const wasTold = (talk: Talk) => textOf({ messages: talk.lastQuestion() }).includes('They spoke of the sea')

describeOnBothStacks('a summary that is needed now', (start) => {
  test('is waited for, in as many steps as the model needs', async () => {
    await using talk = await startLongTalk(start)
    await talk.ask('What was it about?')
    expect(talk.summaryRequests().length).toBeGreaterThan(1)
    expect(textOf(talk.summaryRequests()[0] ?? { messages: [] })).toContain('Question 1: what')
    expect(wasTold(talk)).toBe(true)
    const toSmall = (body: Asked) => body.model === 'small'
    expect(talk.largest(toSmall)).toBeLessThanOrEqual(contextWindow)
  })

  test('is not waited for too long: it goes on, and is there for the next question', async () => {
    await using talk = await startLongTalk(start, { SUMMARY_TIMEOUT_SECONDS: '1' })
    const held = holdSummary(talk)
    const { turnId } = await startTurn(talk.deps, talk.userId, {
      conversationId: talk.conversationId,
      content: 'What?',
    })
    await held.isAsked
    await talk.deps.turns.get(turnId)?.ended
    expect(wasTold(talk)).toBe(false)
    expect(talk.lastQuestion().at(-1)?.content).toBe('What?')
    held.release()
    await talk.ended(turnId)
    await talk.ask('And now?')
    expect(wasTold(talk)).toBe(true)
  })

  test('takes no place of an answer, and its end is not waited for by who stops', async () => {
    await using talk = await startLongTalk(start, { SUMMARY_TIMEOUT_SECONDS: '60', MAX_TURNS_PER_USER: '1' })
    const held = holdSummary(talk)
    const question = { conversationId: talk.conversationId, content: 'What?' }
    const { turnId } = await startTurn(talk.deps, talk.userId, question)
    await held.isAsked
    talk.deps.turns.get(turnId)?.stop('stopped')
    await talk.deps.turns.get(turnId)?.ended
    expect((await messagesOf(talk.deps, talk.conversationId)).at(-1)?.status).toBe('stopped')
    const next = await startTurn(talk.deps, talk.userId, question)
    held.release()
    await talk.ended(next.turnId)
    expect(wasTold(talk)).toBe(true)
  })

  test('that fails costs nobody his answer, and is not tried again at once', async () => {
    await using talk = await startLongTalk(start)
    talk.says.summary = () => ({ status: 500, body: '{}' })
    await talk.ask('What was it about?')
    expect(talk.lastQuestion().at(-1)?.content).toBe('What was it about?')
    expect(talk.summaryRequests().length).toBe(1)
    await talk.ask('Once more?')
    expect(talk.summaryRequests().length).toBe(1)
    const none: Script[] = [
      { text: [' '] },
      { text: ['half'], end: 'cut' },
      { text: ['x'], finishReason: 'content_filter' },
    ]
    for (const script of none) {
      talk.says.summary = () => ({ usage: null, ...script })
      expect((await talk.remake()).status).toBe(502)
    }
    expect((await talk.get('/summaries')).items).toEqual([])
    const outcomes = await rows(talk.deps, sql`select outcome from usage_events where kind = 'summary'`)
    expect([...outcomes]).toEqual(Array(3).fill({ outcome: 'failed' }))
    talk.says.summary = () => summaryOf('They spoke of the sea.')
    expect((await talk.remake()).status).toBe(200)
    await talk.ask('And now?')
    expect(wasTold(talk)).toBe(true)
  })

  test('of what is deleted meanwhile is not kept', async () => {
    await using talk = await startLongTalk(start)
    const held = holdSummary(talk)
    const remaking = talk.remake()
    await held.isAsked
    const [first] = await messagesOf(talk.deps, talk.conversationId)
    await deleteMessage(talk.deps, talk.userId, first?.id ?? '')
    held.release()
    expect((await remaking).status).toBe(409)
    expect([...(await rows(talk.deps, sql`select 1 from summaries`))]).toEqual([])
    const ledger = await rows(talk.deps, sql`select outcome from usage_events where kind = 'summary'`)
    expect([...ledger]).toEqual([{ outcome: 'complete' }])
  })

  test('is made by one instance, and waited for by the other', async () => {
    await using talk = await startLongTalk(start, { SUMMARY_TIMEOUT_SECONDS: '60' })
    const there = otherInstance(talk.deps)
    const held = holdSummary(talk)
    const remaking = talk.remake()
    await held.isAsked
    const question = { conversationId: talk.conversationId, content: 'What?' }
    const { turnId } = await startTurn(there, talk.userId, question)
    while (!there.summaries.has(talk.conversationId)) await Bun.sleep(1)
    held.release()
    expect((await remaking).status).toBe(200)
    await talk.ended(turnId, there)
    expect(wasTold(talk)).toBe(true)
    const { items } = await talk.get('/summaries')
    expect(talk.summaryRequests().length).toBe(items.length)
  })

  test('is given up when the process is about to end, without a failure', async () => {
    await using talk = await startLongTalk(start)
    const held = holdSummary(talk)
    const question = { conversationId: talk.conversationId, content: 'What?' }
    const { turnId } = await startTurn(talk.deps, talk.userId, question)
    await held.isAsked
    talk.deps.lifecycle.isDraining = true
    await talk.ended(turnId)
    expect(wasTold(talk)).toBe(false)
    expect((await messagesOf(talk.deps, talk.conversationId)).at(-1)?.status).toBe('complete')
    talk.deps.lifecycle.isDraining = false
    await talk.ask('And now?')
    expect(wasTold(talk)).toBe(true)
  })
})
