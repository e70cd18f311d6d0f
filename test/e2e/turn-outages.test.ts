import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { registerPerson } from '../support/api-person.ts'
import type { EventStream } from '../support/event-stream.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { startHouse } from '../support/house.ts'
import { hasPrograms } from '../support/services.ts'

setDefaultTimeout(120_000)

describe.skipIf(!hasPrograms('postgres', 'pgbouncer', 'redis-server'))('a turn in an outage', () => {
  test('without Redis goes on to its end', async () => {
    await using at = await startTurnInHouse()
    await at.say('before')
    await at.house.redis.kill()
    await at.say(' during')
    await at.house.redis.start()
    await at.say(' after')
    at.answer.end()
    expect((await at.events.all()).at(-1)?.type).toBe('done')
    expect(await at.stored()).toMatchObject({ status: 'complete', content: 'before during after' })
  })

  test('a short absence of PostgreSQL is not noticed', async () => {
    await using at = await startTurnInHouse()
    await at.say('before')
    await at.house.postgres.kill()
    await at.say(' during')
    await at.house.postgres.start()
    await at.say(' after')
    at.answer.end()
    expect((await at.events.all()).at(-1)?.type).toBe('done')
    expect(await at.stored()).toMatchObject({ status: 'complete', content: 'before during after' })
  })

  test('a long absence of PostgreSQL interrupts it, and nothing that was said is lost', async () => {
    await using at = await startTurnInHouse()
    await at.say('so far')
    await at.house.postgres.kill()
    // Nobody may go on for long who cannot say that he lives.
    expect((await at.events.all()).at(-1)).toMatchObject({ type: 'error', data: { code: 'interrupted' } })
    await at.answer.left
    await at.house.postgres.start()
    expect(await at.stored()).toMatchObject({ status: 'interrupted', content: 'so far' })
  })
})

async function startTurnInHouse() {
  const upstream = startGatedUpstream()
  const house = await startHouse({ DEEPSEEK_API_KEY: 'sk-only-for-tests', DEEPSEEK_BASE_URL: upstream.url })
  const person = await registerPerson(house.app.url)
  const conversationId = await person.newConversation()
  const events: EventStream = await person.ask(conversationId, 'hello')
  const answer = await upstream.answer(1)
  return {
    house,
    answer,
    events,
    /** Until the reader has it. */
    async say(text: string) {
      answer.say(text)
      await events.until(({ type, data }) => type === 'delta' && data.text === text)
    },
    /** The answer as the database has it, once it has it and has it ended. */
    async stored() {
      for (;;) {
        const response = await person.fetch(`/api/v1/conversations/${conversationId}/messages`)
        const { items = [] } = response.ok
          ? ((await response.json()) as { items: { role: string; status: string }[] })
          : {}
        const found = items.find(({ role }) => role === 'assistant')
        if (found && found.status !== 'running') return found
        await Bun.sleep(100)
      }
    },
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await upstream.stop()
    },
  }
}
