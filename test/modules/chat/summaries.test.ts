import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { editMessage } from '../../../src/modules/chat/answer-again.ts'
import { remakeSummary } from '../../../src/modules/chat/remake-summary.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { deleteMessage } from '../../../src/modules/conversations/delete-message.ts'
import { forkConversation } from '../../../src/modules/conversations/fork-conversation.ts'
import { followUserEvents } from '../../../src/modules/conversations/user-events.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { createAsker } from './asker.ts'
import { messagesOf, rows } from './chat.ts'
import { contextWindow, startTalk, summaryOf, textOf } from './talker.ts'

describeOnBothStacks('a conversation that outgrows its model', (start) => {
  test('is summarised before it does, and once more when it has grown on', async () => {
    await using talk = await startTalk(start)
    const { says, deps } = talk
    let count = 0
    says.summary = () => summaryOf(`<think>So.</think>They spoke of the sea, part ${++count}.`)
    const changed: string[] = []
    const stop = followUserEvents(deps, talk.userId, ({ type, data }) => {
      if (type === 'conversation_changed') changed.push(data.conversation_id)
    })
    await talk.askOften(11)
    stop()
    expect(talk.largest()).toBeLessThanOrEqual(contextWindow)
    expect(changed).toEqual([talk.conversationId, talk.conversationId])

    // The first of what was said, the second of the first and what was said since then.
    const [first = '', second = '', ...more] = talk.summaryRequests().map(textOf)
    expect(more).toEqual([])
    expect(first).toContain('Question 1: what')
    expect(first).not.toContain('They spoke')
    expect(second).toContain('They spoke of the sea, part 1.')
    expect(second).not.toContain('Question 1: what')

    // As long as everything fits it is sent; then the summary stands for the oldest rounds, between the system prompt
    // and the newest.
    const sent = talk.questions().map(textOf)
    const whole = sent.findLastIndex((text) => text.includes('Question 1: what'))
    expect(sent.slice(0, whole + 1).filter((text) => text.includes('They spoke'))).toEqual([])
    expect(sent.slice(whole + 1).every((text) => text.includes('They spoke of the sea, part'))).toBe(true)
    const [system, summary, ...rest] = talk.lastQuestion()
    expect([system?.role, summary?.role, rest[0]?.role]).toEqual(['system', 'user', 'assistant'])
    expect(summary?.content).toContain('<summary>\nThey spoke of the sea, part')
    expect(rest.at(-1)?.content).toBe('Question 11: what of the sea?')

    const { items } = await talk.get('/summaries')
    expect(items.map(({ text }: { text: string }) => text)).toEqual([
      'They spoke of the sea, part 1.',
      'They spoke of the sea, part 2.',
    ])
    const messages = await messagesOf(deps, talk.conversationId)
    for (const { message_count, through_message_id, model, tokens } of items) {
      expect(messages[message_count - 1]?.id).toBe(through_message_id)
      expect([model, tokens > 0]).toEqual(['deepseek/small', true])
    }
    const page = (await talk.get('/messages?limit=100')).items.filter(
      ({ summary: s }: { summary?: object }) => s,
    )
    expect(page.map(({ id }: { id: string }) => id)).toEqual(
      items.map((item: { through_message_id: string }) => item.through_message_id),
    )
    expect(page[0].summary).toEqual({
      message_count: items[0].message_count,
      created_at: items[0].created_at,
    })
    const ledger = await rows<{ kind: string; count: number }>(
      deps,
      sql`select kind, count(*)::integer as count from usage_events where prompt_tokens > 0 group by kind order by kind`,
    )
    expect([...ledger]).toEqual([
      { kind: 'summary', count: 2 },
      { kind: 'turn', count: 11 },
    ])
  })

  test('has a summary for each branch through its last message, and for no other', async () => {
    await using talk = await startTalk(start)
    const { deps, userId } = talk
    await talk.askOften(9)
    const [summary] = (await talk.get('/summaries')).items
    const messages = await messagesOf(deps, talk.conversationId)
    const through = messages.findIndex(({ id }) => id === summary.through_message_id)

    // What was not summarised is edited: the branch has it. What was is: it has not.
    const edit = async (at: number) => {
      const { turnId } = await editMessage(deps, userId, messages[at]?.id ?? '', 'And the moon?')
      await talk.ended(turnId)
      return [
        textOf({ messages: talk.lastQuestion() }).includes('They spoke'),
        (await talk.get('/summaries')).items,
      ]
    }
    talk.says.answer = { text: ['short'], usage: null }
    expect(await edit(messages.length - 2)).toEqual([true, [summary]])
    expect(await edit(through - 1)).toEqual([false, []])

    const last = messages.at(-1)?.id ?? null
    const fork = await forkConversation(deps, userId, talk.conversationId, last)
    const forked = await (await talk.ann.visitor.get(`/api/v1/conversations/${fork.id}/summaries`)).json()
    expect(forked.items).toEqual([{ ...summary, through_message_id: expect.any(String) }])
    const copies = await messagesOf(deps, fork.id)
    expect(copies[through]?.id).toBe(forked.items[0].through_message_id)
    await talk.ask('In the copy?', { conversationId: fork.id })
    expect(textOf({ messages: talk.lastQuestion() })).toContain('They spoke')

    // A model that takes more reads what was said.
    await talk.ask('And a larger one?', { parentId: last, model: 'deepseek/large' })
    expect(textOf({ messages: talk.lastQuestion() })).toContain('Question 1: what')
    expect(textOf({ messages: talk.lastQuestion() })).not.toContain('They spoke')

    await deleteMessage(deps, userId, messages[through - 1]?.id ?? '')
    expect([...(await rows(deps, sql`select conversation_id from summaries`))]).toEqual([
      { conversation_id: fork.id },
    ])
  })

  test('is trimmed as before where nothing is to be summarised', async () => {
    await using talk = await startTalk(start, { SUMMARY_TIMEOUT_SECONDS: '0' })
    await talk.askOften(9)
    expect(talk.summaryRequests()).toEqual([])
    expect(textOf({ messages: talk.lastQuestion() })).not.toContain('Question 1: what')
    expect(talk.largest()).toBeLessThanOrEqual(contextWindow)
    expect((await talk.remake()).status).toBe(409)
  })
})

describeOnBothStacks('summaries over the API', (start) => {
  test('are made anew from what was said, one at a time', async () => {
    await using talk = await startTalk(start)
    expect((await talk.get('/summaries')).items).toEqual([])
    expect((await talk.remake()).status).toBe(409)
    await talk.askOften(9)
    const [before] = (await talk.get('/summaries')).items
    let hear = (): void => {}
    const isAsked = new Promise<void>((resolve) => {
      hear = resolve
    })
    talk.says.summary = () => {
      hear()
      return { ...summaryOf('Anew: the sea.'), firstTokenMs: 300 }
    }
    talk.app.clock.advance(60)
    const remaking = talk.remake()
    await isAsked
    const meanwhile = await talk.remake()
    expect([meanwhile.status, (await meanwhile.json()).code]).toEqual([409, 'conflict'])
    const remade = await remaking
    expect(remade.status).toBe(200)
    const after = await remade.json()
    expect(after).toMatchObject({ text: 'Anew: the sea.' })
    expect(after.created_at > before.created_at).toBe(true)
    expect(after.message_count).toBeGreaterThanOrEqual(before.message_count)
    expect((await talk.get('/summaries')).items.at(-1)).toEqual(after)
    const [, ...asked] = talk.summaryRequests().map(textOf)
    expect(asked[0]).toContain('Question 1: what')
    expect(asked.join()).not.toContain('They spoke')
  })

  test('wait for an answer, count as questions, and tell what the model has refused', async () => {
    await using talk = await startTalk(start, { LIMIT_SEND_USER: '3/60' })
    await talk.askOften(9)
    talk.says.answer = { end: 'hang' }
    const { turnId } = await startTurn(talk.deps, talk.userId, {
      conversationId: talk.conversationId,
      content: 'x',
    })
    const busy = await talk.remake()
    expect([busy.status, (await busy.json()).code]).toEqual([409, 'turn_running'])
    talk.deps.turns.get(turnId)?.stop('stopped')
    await talk.deps.turns.get(turnId)?.ended
    talk.says.summary = () => ({ status: 500, body: '{}' })
    const failed = await talk.remake()
    expect([failed.status, (await failed.json()).code]).toEqual([502, 'provider_unavailable'])
    talk.says.summary = () => ({ status: 400, body: '{}' })
    const refused = await talk.remake()
    expect([refused.status, (await refused.json()).code]).toEqual([502, 'provider_rejected'])
    expect((await talk.remake()).status).toBe(429)
    // Whoever waits no longer is told that it will come.
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>()
    talk.says.summary = () => ({ ...summaryOf('Late.'), until })
    const { deps, userId, conversationId } = talk
    expect(await remakeSummary(deps, userId, conversationId, 1)).toBeNull()
    goOn()
    while ((await talk.get('/summaries')).items.at(-1)?.text !== 'Late.') await Bun.sleep(10)
  })

  test('are nobody else’s', async () => {
    await using talk = await startTalk(start)
    const eve = await createAsker(talk.app)
    const path = `/api/v1/conversations/${talk.conversationId}/summaries`
    for (const [visitor, status] of [
      [eve.visitor, 404],
      [talk.app.visitor(), 401],
    ] as const) {
      expect((await visitor.get(path)).status).toBe(status)
      expect((await visitor.fetch(path, { method: 'POST' })).status).toBe(status)
    }
    expect((await talk.ann.visitor.get('/api/v1/conversations/x/summaries')).status).toBe(404)
  })
})
