import { expect, test } from 'bun:test'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { createConversation, createPerson, messagesOf, setUp } from './chat.ts'

describeOnBothStacks('an idempotency key', (start) => {
  test('attaches a repeat to the same turn, running or not, also when both come at once', async () => {
    await using at = await setUp(start)
    const both = await Promise.all([
      at.ask('hello', { idempotencyKey: 'k' }),
      at.ask('hello', { idempotencyKey: 'k' }),
    ])
    await at.deps.turns.get(both[0].turnId)?.ended
    const third = await at.ask('hello', { idempotencyKey: 'k' })
    expect(new Set([...both, third].map(({ turnId }) => turnId)).size).toBe(1)
    expect(await messagesOf(at.deps, at.conversationId)).toHaveLength(2)
  })

  test('with another question is refused', async () => {
    await using at = await setUp(start)
    await at.ask('hello', { idempotencyKey: 'k' })
    expect(await errorOf(at.ask('bye', { idempotencyKey: 'k' }))).toMatchObject({
      code: 'idempotency_key_reused',
    })
  })

  test('is one person’s own, and good for a day', async () => {
    await using at = await setUp(start)
    const first = await at.ask('hello', { idempotencyKey: 'k' })
    await at.deps.turns.get(first.turnId)?.ended
    const other = await createPerson(at.deps)
    const conversationId = await createConversation(at.deps, other)
    const theirs = await startTurn(at.deps, other, { conversationId, content: 'x', idempotencyKey: 'k' })
    expect(theirs.turnId).not.toBe(first.turnId)
    at.app.clock.advance(24 * 3600)
    const next = await at.ask('another', { idempotencyKey: 'k' })
    expect(next.turnId).not.toBe(first.turnId)
  })
})
