import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { openLines } from '../support/lines.ts'
import { hasServices, services } from '../support/services.ts'
import { describeOnStacks, servicesStack } from '../support/stacks.ts'

setDefaultTimeout(60_000)

describeOnStacks('SIGTERM', (stack) => {
  test('what runs is finished, then the process ends with status 0', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const lines = openLines(app.visitor().post('/deepseek_chat', { message: 'hello' }))
    const answer = await upstream.answer(1)
    answer.say('before')
    expect(JSON.parse((await lines.next()) ?? '')).toEqual({ text: 'before' })

    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGTERM')
    await untilLogged(app.binary.output, 'stopping')
    answer.say(' after')
    expect(JSON.parse((await lines.next()) ?? '')).toEqual({ text: ' after' })
    answer.end()
    expect(await lines.next()).toBeNull()
    expect(await ended).toBe(0)
  })

  test('what does not end is cut after DRAIN_SECONDS', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url, env: { DRAIN_SECONDS: '1' } })
    const lines = openLines(app.visitor().post('/deepseek_chat', { message: 'hello' }))
    const answer = await upstream.answer(1)
    answer.say('before')
    await lines.next()

    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGTERM')
    expect(lines.next()).rejects.toThrow()
    expect(await ended).toBe(0)
    await upstream.stop()
  })
})

describe.skipIf(!hasServices())('an answer that the end has cut', () => {
  test('is remembered as far as it was received, and its visitor may ask again at once', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(servicesStack, {
      upstream: upstream.url,
      env: { DRAIN_SECONDS: '0' },
    })
    const visitor = app.visitor()
    const lines = openLines(visitor.post('/deepseek_chat', { message: 'hello' }))
    const answer = await upstream.answer(1)
    answer.say('before')
    await lines.next()

    expect(await app.restart()).toBe(0)
    expect(await (await visitor.get('/chat_history')).json()).toMatchObject({
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'before' },
      ],
    })
    const { redisUrl } = await services()
    const redis = new Bun.RedisClient(redisUrl)
    expect(await redis.send('KEYS', ['cc:turn:*'])).toEqual([])
    redis.close()
    await upstream.stop()
  })
})

async function untilLogged(output: () => string, word: string): Promise<void> {
  while (!output().includes(word)) await Bun.sleep(10)
}
