import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { residentMegabytes } from '../bench/process.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'

setDefaultTimeout(300_000)

const atOnce = 50
const rounds = 10_200

/** As the unit has it: without, garbage is kept for as long as the machine has room for it. */
const smallHeap = { BUN_JSC_forceRAMSize: '268435456', BUN_JSC_largeHeapGrowthFactor: '1.05' }

describe.skipIf(!hasServices())('readers who leave and turns that are stopped', () => {
  test('ten thousand leave nothing behind', async () => {
    const upstream = startUpstream({ record: false })
    await using app = await startBinaryOnStack(servicesStack, {
      upstream: upstream.url,
      env: { DEEPSEEK_MODEL: 'hang-stream', MAX_TURNS_PER_USER: '0', ...smallHeap },
    })
    const person = await registerPerson(app.url)
    const conversations = await Promise.all(Array.from({ length: atOnce }, () => person.newConversation()))
    const leaveAndStop = (count: number) =>
      Promise.all(conversations.map((id) => comeAndGo(person, id, count / atOnce)))

    /** The least of three rests: what one of them holds beyond it is garbage that is given back later. */
    const heldAfter = async (count: number) => {
      const rests: number[] = []
      for (let part = 0; part < 3; part++) {
        await leaveAndStop(count / 3)
        rests.push(await restingMegabytes(app.binary.pid))
      }
      return Math.min(...rests)
    }

    // What a busy process needs anyway.
    await leaveAndStop(rounds / 3)
    const before = await heldAfter(rounds)
    expect((await heldAfter(rounds)) - before).toBeLessThan(10)
    expect(upstream.open).toBe(0)
    await upstream.stop()
  })
})

/** The least within some seconds: memory is given back when there is time for it. */
async function restingMegabytes(pid: number): Promise<number> {
  const samples: number[] = []
  for (let count = 0; count < 8; count++) {
    await Bun.sleep(500)
    samples.push(residentMegabytes(pid))
  }
  return Math.min(...samples)
}

async function comeAndGo(person: ApiPerson, conversationId: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const events = await person.ask(conversationId, 'hello', { parent_id: null })
    const start = await events.next()
    await events.until(({ type }) => type === 'delta')
    await events.leave()
    await person.json('DELETE', `/api/v1/turns/${String(start?.data.turn_id)}`)
  }
}
