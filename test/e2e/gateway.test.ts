import { expect, setDefaultTimeout, test } from 'bun:test'
import OpenAI from 'openai'
import { hello, overheadOf, refusal } from '../faces/openai/gateway.ts'
import { registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'

setDefaultTimeout(60_000)

interface Quota {
  windows: { unit: string; period: string; used: number }[]
}

describeOnStacks('the executable in place of OpenAI', (stack) => {
  test('answers OpenAI’s client, refuses in its words, and loses no call when it is told to stop', async () => {
    const upstream = startUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const ann = await registerPerson(app.url)
    const { key } = await ann.json<{ key: string }>('POST', '/api/v1/keys', {
      name: 'test',
      scopes: ['chat'],
    })
    const client = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: key, maxRetries: 0 })
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['deepseek/deepseek-chat'])
    upstream.play({ text: ['Hello', ', ', 'Ann'] })
    let said = ''
    const stream = await client.chat.completions.create({ ...hello, stream: true })
    for await (const { choices } of stream) said += choices[0]?.delta.content ?? ''
    expect(said).toBe('Hello, Ann')

    const ask = (path: string, body: object, more: Record<string, string> = {}) =>
      fetch(`${app.url}/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, ...more },
        body: JSON.stringify(body),
      })
    const noModel = await ask('/chat/completions', { ...hello, model: 'none' })
    expect(overheadOf(noModel)).toBeGreaterThan(0)
    expect(await refusal(noModel)).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    })
    expect(await refusal(ask('/nothing', {}))).toMatchObject({ status: 404, type: 'invalid_request_error' })
    expect(await refusal(ask('/images/generations', {}))).toMatchObject({ status: 403 })
    const stranger = ask('/chat/completions', hello, { authorization: 'Bearer cc-none' })
    expect(await refusal(stranger)).toMatchObject({ status: 401, code: 'invalid_api_key' })
    expect((await ann.fetch('/api/v1/keys', { method: 'POST', body: '{"name":""}' })).status).toBe(400)
    for (const [wish, path] of [
      [{ scope: ['usage'] }, 'scope'],
      [{ quota: 7 }, 'quota'],
      [{ quota: { token_day: 5 } }, 'quota'],
      [{ quota: { tokens_day: 1.5 } }, 'quota/tokens_day'],
    ] as const) {
      const made = await ann.fetch('/api/v1/keys', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x', ...wish }),
      })
      expect([made.status, (await made.json()).errors?.[0]?.path]).toEqual([400, path])
    }
    const hot = ask('/chat/completions', { ...hello, temperature: 'hot' })
    expect(await refusal(hot)).toMatchObject({ status: 400, param: 'temperature' })

    const calls = await Promise.all(
      Array.from({ length: 50 }, async () =>
        (await ask('/chat/completions', { ...hello, stream: true })).text(),
      ),
    )
    expect(calls.every((text) => text.endsWith('data: [DONE]\n\n'))).toBe(true)
    expect(await app.restart()).toBe(0)
    const { windows } = await ann.json<Quota>('GET', '/api/v1/users/me/quota')
    expect(windows.find(({ unit, period }) => unit === 'requests' && period === 'day')?.used).toBe(51)
    await upstream.stop()
  })
})
