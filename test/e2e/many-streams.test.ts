import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { type GatedUpstream, startGatedUpstream } from '../support/gated-upstream.ts'
import { createMemoryCgroup, peakMemoryMegabytes } from '../support/memory-cgroup.ts'
import { openRawRequest } from '../support/raw-request.ts'
import { describeOnStacks, embeddedStack } from '../support/stacks.ts'
import { textOf } from '../support/visitor.ts'

setDefaultTimeout(120_000)

describe('many answers at once', () => {
  test('400 connections to the provider are open at the same time', async () => {
    // The provider begins none before all 400 are there.
    const upstream = startGatedUpstream({ headersAfter: 400 })
    await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
    expect(await answerAll(app, upstream, 400, 4)).toEqual({ whole: 400, text: 'word word word word ' })
    await upstream.stop()
  })
})

describeOnStacks('in 300 MB of memory', (stack) => {
  test.skipIf(process.platform !== 'linux')('200 streams: none lost, never killed', async () => {
    const cgroup = createMemoryCgroup(300)
    const upstream = startGatedUpstream({ headersAfter: 200 })
    const prefix = cgroup?.prefix ?? []
    const app = await startBinaryOnStack(stack, { upstream: upstream.url, prefix })
    const text = 'word '.repeat(256)
    expect(await answerAll(app, upstream, 200, 256)).toEqual({ whole: 200, text })
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200)
    // Where no control group can be made (a container without the right), the peak must fit at least.
    if (cgroup) expect(cgroup.kills()).toBe(0)
    else expect(peakMemoryMegabytes(app.binary.pid)).toBeLessThan(300)
    await app[Symbol.asyncDispose]()
    cgroup?.remove()
    await upstream.stop()
  })
})

/** Asks `count` times at once; the words are said in rounds, to all. How many answers came whole, and what they were. */
async function answerAll(app: BinaryOnStack, upstream: GatedUpstream, count: number, words: number) {
  const body = JSON.stringify({ message: 'hello' })
  const headers: [string, string][] = [['Content-Type', 'application/json']]
  const asked = Array.from({ length: count }, () =>
    openRawRequest(app.binary.port, { method: 'POST', path: '/deepseek_chat', headers, body }),
  )
  await upstream.answer(count)
  for (let word = 0; word < words; word++) {
    for (const answer of upstream.answers) answer.say('word ')
    await Bun.sleep(0)
  }
  for (const answer of upstream.answers) answer.end()
  const responses = await Promise.all(asked.map(({ response }) => response))
  const whole = responses.filter(({ status, isComplete }) => status === 200 && isComplete)
  const texts = new Set(whole.map((response) => textOf(response.body)))
  return { whole: whole.length, text: [...texts].join(' | ') }
}
