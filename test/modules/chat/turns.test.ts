import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { followTurn } from '../../../src/modules/chat/follow-turn.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { stopTurn } from '../../../src/modules/chat/stop-turn.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import {
  createConversation,
  createPerson,
  lastQuestion,
  messagesOf,
  readAll,
  rows,
  setUp,
  textOf,
} from './chat.ts'

describeOnBothStacks('a turn', (start) => {
  test('is told from start to done, and stored as it was told', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['你好', ', wor', 'ld 🙂'], reasoning: ['hm'] })
    const turn = await at.ask('who are you?')
    const entries = await readAll(at.deps, at.userId, turn.turnId)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
    expect(entries[0]?.type).toBe('start')
    expect(JSON.parse(entries[0]?.data ?? '')).toEqual({
      turn_id: turn.turnId,
      conversation_id: at.conversationId,
      user_message_id: turn.userMessageId,
      assistant_message_id: turn.assistantMessageId,
      model: turn.model,
    })
    expect(entries.slice(-2).map(({ type }) => type)).toEqual(['usage', 'done'])
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toEqual({ finish_reason: 'stop' })
    expect(textOf(entries)).toBe('你好, world 🙂')
    const [question, answer] = await messagesOf(at.deps, at.conversationId)
    expect(question).toMatchObject({
      role: 'user',
      content: 'who are you?',
      parent_id: null,
      status: 'complete',
    })
    expect(answer).toMatchObject({
      id: turn.assistantMessageId,
      parent_id: turn.userMessageId,
      role: 'assistant',
      content: '你好, world 🙂',
      reasoning: 'hm',
      status: 'complete',
      finish_reason: 'stop',
      model: turn.model,
      is_usage_estimated: false,
    })
    const [times] = await rows<{ whole: number; first: number }>(
      at.deps,
      sql`select duration_ms as whole, time_to_first_token_ms as first from messages where role = 'assistant'`,
    )
    expect(times?.first).toBeNumber()
    expect(times?.whole).toBeGreaterThanOrEqual(times?.first as number)
    expect(await rows(at.deps, sql`select state from turns`)).toEqual([{ state: 'complete' }])
    expect(
      await rows(at.deps, sql`select kind, outcome, user_id::integer as user from usage_events`),
    ).toEqual([{ kind: 'turn', outcome: 'complete', user: at.userId }])
  })

  test('follows what was said before in the same branch', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['first answer'] }, { text: ['second answer'] })
    await readAll(at.deps, at.userId, (await at.ask('first')).turnId)
    await readAll(at.deps, at.userId, (await at.ask('second')).turnId)
    expect(
      lastQuestion(at.app)
        .map(({ content }) => content)
        .slice(-3),
    ).toEqual(['first', 'first answer', 'second'])
  })

  test('goes on without a reader, and can be read afterwards', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ tokens: 30, delayMs: 5 })
    const { turnId } = await at.ask()
    const reader = await followTurn(at.deps, at.userId, turnId, 0)
    await reader.next()
    reader.close()
    await at.deps.turns.get(turnId)?.ended
    expect((await messagesOf(at.deps, at.conversationId))[1]?.status).toBe('complete')
    const live = await readAll(at.deps, at.userId, turnId)
    expect(live.at(-1)?.type).toBe('done')
    // The log has gone from memory: the text is the database's (or the shared store's).
    at.deps.turns.clear()
    const stored = await readAll(at.deps, at.userId, turnId)
    expect(textOf(stored)).toBe(textOf(live))
    expect(stored.slice(-2)).toEqual(live.slice(-2))
  })

  test('one at a time in a conversation', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ end: 'hang' })
    const { turnId } = await at.ask()
    expect(await errorOf(at.ask('again'))).toMatchObject({ code: 'turn_running', extra: { turn_id: turnId } })
    await stopTurn(at.deps, at.userId, turnId)
    // The stop may have come before the question had left.
    at.app.upstream.reset()
    await readAll(at.deps, at.userId, (await at.ask('again')).turnId)
    expect(await messagesOf(at.deps, at.conversationId)).toHaveLength(4)
  })

  test('so many at once of one person, exactly, however many are asked for together', async () => {
    await using at = await setUp(start, { MAX_TURNS_PER_USER: '2' })
    const conversations = await Promise.all(
      Array.from({ length: 6 }, () => createConversation(at.deps, at.userId)),
    )
    at.app.upstream.play(...conversations.map(() => ({ end: 'hang' as const })))
    const tries = await Promise.allSettled(
      conversations.map((conversationId) => startTurn(at.deps, at.userId, { conversationId, content: 'hi' })),
    )
    const refused = tries.filter((one) => one.status === 'rejected')
    expect(refused).toHaveLength(4)
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(4).fill('too_many_turns'))
    const begun = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(begun.map(({ turnId }) => stopTurn(at.deps, at.userId, turnId)))
    at.app.upstream.reset()
    await readAll(at.deps, at.userId, (await at.ask()).turnId)
  })

  test('somebody else has no such conversation and no such turn', async () => {
    await using at = await setUp(start)
    const stranger = await createPerson(at.deps)
    const { turnId } = await at.ask()
    await at.deps.turns.get(turnId)?.ended
    const question = { conversationId: at.conversationId, content: 'hi' }
    expect(await errorOf(startTurn(at.deps, stranger, question))).toMatchObject({ code: 'not_found' })
    expect(await errorOf(followTurn(at.deps, stranger, turnId, 0))).toMatchObject({ code: 'not_found' })
    expect(await errorOf(stopTurn(at.deps, stranger, turnId))).toMatchObject({ code: 'not_found' })
    at.deps.turns.clear()
    expect(await errorOf(followTurn(at.deps, stranger, turnId, 0))).toMatchObject({ code: 'not_found' })
  })

  test('is stopped: the provider is told, what was said stays, a second stop does nothing', async () => {
    await using at = await setUp(start)
    at.app.upstream.play({ text: ['so far'], end: 'hang' })
    const { turnId } = await at.ask()
    const reader = await followTurn(at.deps, at.userId, turnId, 0)
    let told = ''
    while (!told.includes('so far')) told += JSON.stringify(await reader.next())
    await stopTurn(at.deps, at.userId, turnId)
    await stopTurn(at.deps, at.userId, turnId)
    expect(await at.app.upstream.requests[0]?.closed).toBe('left')
    const entries = await readAll(at.deps, at.userId, turnId)
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toEqual({ finish_reason: 'stopped' })
    const [, answer] = await messagesOf(at.deps, at.conversationId)
    expect(answer).toMatchObject({ content: 'so far', status: 'stopped', is_usage_estimated: true })
    expect(answer?.prompt_tokens).toBeGreaterThan(0)
    expect(answer?.completion_tokens).toBeGreaterThan(0)
    expect(await rows(at.deps, sql`select outcome from usage_events`)).toEqual([{ outcome: 'stopped' }])
  })

  test.each([
    ['500', 'provider_unavailable'],
    ['401', 'provider_rejected'],
    ['bare', 'provider_unavailable'],
    ['cut', 'provider_unavailable'],
    ['error-in-stream', 'provider_unavailable'],
  ])('a provider that fails (%s) ends it with an error, and what it had said stays', async (script, code) => {
    await using at = await setUp(start, { DEEPSEEK_MODEL: script, LLM_MAX_RETRIES: '0' })
    const { turnId } = await at.ask()
    const entries = await readAll(at.deps, at.userId, turnId)
    expect(entries.slice(-2).map(({ type }) => type)).toEqual(['usage', 'error'])
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toMatchObject({ code, type: 'about:blank' })
    const [, answer] = await messagesOf(at.deps, at.conversationId)
    expect(answer).toMatchObject({ status: 'failed', error_code: code, content: textOf(entries) })
  })

  test('a finish reason alone is an end', async () => {
    await using at = await setUp(start, { DEEPSEEK_MODEL: 'no-done' })
    const entries = await readAll(at.deps, at.userId, (await at.ask()).turnId)
    expect(entries.at(-1)?.type).toBe('done')
  })

  test('a provider that falls silent ends it with provider_timeout', async () => {
    await using at = await setUp(start, { LLM_IDLE_TIMEOUT_SECONDS: '1' })
    at.app.upstream.play({ text: ['hm'], end: 'hang' })
    const entries = await readAll(at.deps, at.userId, (await at.ask()).turnId)
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toMatchObject({ code: 'provider_timeout' })
    expect((await messagesOf(at.deps, at.conversationId))[1]).toMatchObject({
      status: 'failed',
      content: 'hm',
    })
  })

  test('an answer that is too long is cut, as if by the model', async () => {
    await using at = await setUp(start, { MAX_TOKENS_PER_TURN: '50' })
    at.app.upstream.play({ tokens: 2000, delayMs: 1 })
    const entries = await readAll(at.deps, at.userId, (await at.ask()).turnId)
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toEqual({ finish_reason: 'length' })
    expect(await at.app.upstream.requests[0]?.closed).toBe('left')
    expect((await messagesOf(at.deps, at.conversationId))[1]).toMatchObject({
      status: 'complete',
      finish_reason: 'length',
    })
  })

  test('an answer that takes too long fails', async () => {
    await using at = await setUp(start)
    at.deps.config.turns.maxSeconds = 0.2
    at.app.upstream.play({ text: ['hm'], end: 'hang' })
    const entries = await readAll(at.deps, at.userId, (await at.ask()).turnId)
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toMatchObject({ code: 'turn_too_long' })
  })

  test('so many readers and no more', async () => {
    await using at = await setUp(start, { MAX_READERS_PER_TURN: '1' })
    at.app.upstream.play({ end: 'hang' })
    const { turnId } = await at.ask()
    const reader = await followTurn(at.deps, at.userId, turnId, 0)
    expect(await errorOf(followTurn(at.deps, at.userId, turnId, 0))).toMatchObject({
      code: 'too_many_readers',
    })
    reader.close()
    await stopTurn(at.deps, at.userId, turnId)
    expect((await readAll(at.deps, at.userId, turnId)).at(-1)?.type).toBe('done')
  })

  test('a deleted conversation takes no question', async () => {
    await using at = await setUp(start)
    await rows(at.deps, sql`update conversations set deleted_at = now() returning id`)
    expect(await errorOf(at.ask())).toMatchObject({ code: 'not_found' })
  })

  test('a question that follows a message of another conversation is refused, and nothing is written', async () => {
    await using at = await setUp(start)
    const other = await createConversation(at.deps, at.userId)
    const { userMessageId, turnId } = await startTurn(at.deps, at.userId, {
      conversationId: other,
      content: 'there',
    })
    await readAll(at.deps, at.userId, turnId)
    expect(await errorOf(at.ask('here', { parentId: userMessageId }))).toMatchObject({ code: 'not_found' })
    expect(await messagesOf(at.deps, at.conversationId)).toEqual([])
  })

  test.each([
    ['', { code: 'invalid_request' }],
    [' \n ', { code: 'invalid_request' }],
    ['a\0b', { code: 'invalid_request' }],
    ['half \ud800', { code: 'invalid_request' }],
    ['水'.repeat(22_000), { code: 'payload_too_large', extra: { bytes: 66_000, max_bytes: 65_536 } }],
  ])('a message that is none is refused', async (content, refusal) => {
    await using at = await setUp(start)
    expect(await errorOf(at.ask(content))).toMatchObject(refusal)
  })

  test('none begins when the process is about to end', async () => {
    await using at = await setUp(start)
    at.deps.lifecycle.isDraining = true
    expect(await errorOf(at.ask())).toMatchObject({ code: 'shutting_down' })
  })
})
