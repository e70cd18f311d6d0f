import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { continueAnswer, editMessage, regenerate, saveEdit } from '../../../src/modules/chat/answer-again.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { createPerson, lastQuestion, messagesOf, readAll, rows, setUp, textOf } from './chat.ts'

describeOnBothStacks('an answer made anew', (start) => {
  test('regenerating adds a sibling and shows it; the old one stays', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['one'] }, { text: ['two'] })
    const first = await at.ask()
    await readAll(at.deps, at.userId, first.turnId)
    const second = await regenerate(at.deps, at.userId, first.assistantMessageId)
    await readAll(at.deps, at.userId, second.turnId)
    expect(second.userMessageId).toBe(first.userMessageId)
    const answers = (await messagesOf(at.deps, at.conversationId)).filter(({ role }) => role === 'assistant')
    expect(answers.map(({ content, parent_id }) => [content, parent_id])).toEqual([
      ['one', first.userMessageId],
      ['two', first.userMessageId],
    ])
    expect(lastQuestion(at.app).at(-1)).toEqual({ role: 'user', content: 'hello' })
    expect(await rows(at.deps, sql`select current_message_id as id from conversations`)).toEqual([
      { id: second.assistantMessageId },
    ])
  })

  test('editing asks in other words beside the old question', async () => {
    await using at = await setUp(start)
    const first = await at.ask('first')
    await readAll(at.deps, at.userId, first.turnId)
    const second = await at.ask('second')
    await readAll(at.deps, at.userId, second.turnId)
    const edited = await editMessage(at.deps, at.userId, second.userMessageId, 'second, better')
    await readAll(at.deps, at.userId, edited.turnId)
    expect(lastQuestion(at.app).map(({ content }) => content)).not.toContain('second')
    const questions = (await messagesOf(at.deps, at.conversationId)).filter(({ role }) => role === 'user')
    expect(questions.map(({ content, parent_id }) => [content, parent_id])).toEqual([
      ['first', null],
      ['second', first.assistantMessageId],
      ['second, better', first.assistantMessageId],
    ])
  })

  test('an edit may go without an answer', async () => {
    await using at = await setUp(start)
    const first = await at.ask('first')
    await readAll(at.deps, at.userId, first.turnId)
    const saved = await saveEdit(at.deps, at.userId, first.userMessageId, 'better')
    expect(await messagesOf(at.deps, at.conversationId)).toHaveLength(3)
    expect(await rows(at.deps, sql`select current_message_id as id from conversations`)).toEqual([
      { id: saved.messageId },
    ])
  })

  test('continuing goes on where the answer was cut, as a whole of its own', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['one, two'], finishReason: 'length' }, { text: [', three'] })
    const first = await at.ask()
    await readAll(at.deps, at.userId, first.turnId)
    const second = await continueAnswer(at.deps, at.userId, first.assistantMessageId)
    const entries = await readAll(at.deps, at.userId, second.turnId)
    expect(textOf(entries)).toBe('one, two, three')
    expect(
      lastQuestion(at.app)
        .slice(-3)
        .map(({ role }) => role),
    ).toEqual(['user', 'assistant', 'user'])
    const answers = (await messagesOf(at.deps, at.conversationId)).filter(({ role }) => role === 'assistant')
    expect(answers.map(({ content }) => content)).toEqual(['one, two', 'one, two, three'])
  })

  test('each refuses what it is not for, and loses nothing', async () => {
    await using at = await setUp(start)
    const turn = await at.ask()
    await readAll(at.deps, at.userId, turn.turnId)
    const { userMessageId: question, assistantMessageId: answer } = turn
    const refused = { code: 'invalid_request' }
    expect(await errorOf(editMessage(at.deps, at.userId, answer, 'x'))).toMatchObject(refused)
    expect(await errorOf(regenerate(at.deps, at.userId, question))).toMatchObject(refused)
    expect(await errorOf(continueAnswer(at.deps, at.userId, question))).toMatchObject(refused)
    expect(await errorOf(continueAnswer(at.deps, at.userId, answer))).toMatchObject(refused)
    const stranger = await createPerson(at.deps)
    expect(await errorOf(regenerate(at.deps, stranger, answer))).toMatchObject({ code: 'not_found' })
    expect(await messagesOf(at.deps, at.conversationId)).toHaveLength(2)
  })
})
