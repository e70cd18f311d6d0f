import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import { load } from '../config/load.ts'
import { errorOf } from '../modules/auth/accounts.ts'
import { type ImageUpstream, png, startImageUpstream } from '../support/image-upstream.ts'

let upstream: ImageUpstream
const lines: string[] = []
const all: ImageUpstream[] = []
beforeEach(() => {
  upstream = startImageUpstream()
  all.push(upstream)
  lines.length = 0
})
afterAll(() => Promise.all(all.map((one) => one.stop())))

const never = new AbortController().signal

/** The painter of a service with both kinds of providers, each with two keys. */
function painter(env: Record<string, string> = {}) {
  const config = load({
    OPENAI_BASE_URL: upstream.openaiUrl,
    OPENAI_API_KEY: 'sk-first-secret',
    OPENAI_API_KEY_2: 'sk-second-secret',
    DASHSCOPE_BASE_URL: upstream.dashscopeUrl,
    DASHSCOPE_API_KEY: 'sk-dash-secret',
    ...env,
  })
  return createLlm(
    config.llm,
    createLog('debug', (line) => void lines.push(line)),
  )
}

const wish = { prompt: 'a red fox in the snow', size: '512x512', count: 2 }
const openai = { provider: 'openai', model: 'gpt-image-1' }
const qwen = { provider: 'qwen', model: 'wanx2.1-t2i-turbo' }

describe('pictures', () => {
  test.each([true, false])(
    'come at once from whoever speaks as OpenAI does (inline: %p)',
    async (isInline) => {
      upstream.isInline = isInline
      const pictures = await painter().drawImages(wish, { model: openai, signal: never })
      expect(pictures.map(({ bytes }) => Buffer.from(bytes).equals(png))).toEqual([true, true])
      expect(pictures.map(({ url }) => url === null)).toEqual([isInline, isInline])
      expect(upstream.asked[0]?.body).toEqual({
        model: 'gpt-image-1',
        prompt: wish.prompt,
        n: 2,
        size: '512x512',
      })
    },
  )

  test('come from DashScope when their task is done, and one hears where it is', async () => {
    const heard: string[] = []
    upstream.states = [{ task_status: 'PENDING' }, { task_status: 'RUNNING' }]
    const pictures = await painter().drawImages(wish, {
      model: qwen,
      signal: never,
      onProgress: (progress) => void heard.push(progress),
    })
    expect(pictures).toHaveLength(2)
    expect(heard).toEqual(['queued', 'running'])
    expect(upstream.asked[0]).toEqual({
      body: { model: qwen.model, input: { prompt: wish.prompt }, parameters: { n: 2, size: '512*512' } },
      key: 'Bearer sk-dash-secret',
    })
  })

  test('that are drawn and cannot be fetched are not drawn again', async () => {
    const llm = painter({ DASHSCOPE_API_KEY_2: 'sk-dash-other' })
    upstream.elsewhere = 'http://127.0.0.1:1/x'
    for (const model of [openai, qwen]) {
      let drawn = 0
      const options = { model, signal: never, onDrawn: () => void drawn++ }
      expect(await errorOf(llm.drawImages(wish, options))).toMatchObject({ code: 'provider_unavailable' })
      expect(drawn).toBe(1)
    }
    expect(upstream.asked).toHaveLength(2)
  })

  test('are drawn with another key where one is refused; it rests then', async () => {
    const llm = painter()
    upstream.refuse({ status: 401, body: { error: { message: 'wrong key sk-first-secret' } } })
    for (const _ of [1, 2]) await llm.drawImages(wish, { model: openai, signal: never })
    expect(upstream.asked.map(({ key }) => key)).toEqual([
      'Bearer sk-first-secret',
      'Bearer sk-second-secret',
      'Bearer sk-second-secret',
    ])
    expect(lines.join()).not.toContain('sk-first')
    expect(lines.join()).not.toContain('red fox')
    upstream.refuse({ status: 400, body: { code: 'Arrearage', message: 'Access denied' } })
    const other = painter({ DASHSCOPE_API_KEY_2: 'sk-dash-other' })
    expect(await other.drawImages(wish, { model: qwen, signal: never })).toHaveLength(2)
  })
})

describe('no picture, and a clear word', () => {
  const failures: [string, () => void, string][] = [
    ['a refusal', () => upstream.refuse({ status: 400, body: { error: {} } }), 'provider_rejected'],
    ['too much', () => upstream.refuse(...many(429)), 'rate_limited'],
    ['a failure', () => upstream.refuse(...many(500)), 'provider_unavailable'],
    ['nonsense', () => upstream.refuse(...many(200)), 'provider_unavailable'],
    ['nothing drawn', () => upstream.refuse(...many(200, { data: [] })), 'provider_unavailable'],
    ['a strange item', () => upstream.refuse(...many(200, { data: [7] })), 'provider_unavailable'],
    [
      'an address inside',
      () => void Object.assign(upstream, { elsewhere: 'http://127.0.0.1:1/x' }),
      'provider_unavailable',
    ],
    [
      'a file',
      () => void Object.assign(upstream, { elsewhere: 'file:///etc/passwd' }),
      'provider_unavailable',
    ],
    [
      'a number',
      () => void Object.assign(upstream, { elsewhere: 'https://169.254.169.254/x' }),
      'provider_unavailable',
    ],
    [
      'an empty picture',
      () => void Object.assign(upstream, { bytes: new Uint8Array() }),
      'provider_unavailable',
    ],
    [
      'a picture too large',
      () => void Object.assign(upstream, { bytes: new Uint8Array((20 << 20) + 1) }),
      'provider_unavailable',
    ],
  ]
  test.each(failures)('for %s', async (_, prepare, code) => {
    prepare()
    expect(await errorOf(painter().drawImages(wish, { model: openai, signal: never }))).toMatchObject({
      code,
    })
  })

  const tasks: [Record<string, unknown>, string][] = [
    [{ task_status: 'FAILED', code: 'InternalError.Timeout' }, 'provider_unavailable'],
    [{ task_status: 'FAILED', code: 'DataInspectionFailed', message: 'green net' }, 'provider_rejected'],
    [{ task_status: 'FAILED', code: 'IPInfringementSuspect', message: 'a mouse' }, 'provider_rejected'],
    [{ task_status: 'UNKNOWN' }, 'provider_unavailable'],
    [{ task_status: 'SUCCEEDED', results: [{ code: 'x', message: 'y' }] }, 'provider_unavailable'],
  ]
  test.each(tasks)('for a task that says %j', async (state, code) => {
    upstream.states = [state]
    expect(await errorOf(painter().drawImages(wish, { model: qwen, signal: never }))).toMatchObject({ code })
  })

  test('when it takes too long, or nobody waits any more', async () => {
    upstream.states = Array.from({ length: 50 }, () => ({ task_status: 'RUNNING' }))
    const late = painter({ LLM_TIMEOUT_SECONDS: '1' })
    expect(await errorOf(late.drawImages(wish, { model: qwen, signal: never }))).toMatchObject({
      code: 'provider_timeout',
    })
    const leaving = new AbortController()
    const drawing = painter().drawImages(wish, {
      model: qwen,
      signal: leaving.signal,
      onProgress: () => leaving.abort(),
    })
    expect(await errorOf(drawing)).toMatchObject({ name: 'AbortError' })
    const { looks } = upstream
    await Bun.sleep(600)
    expect(upstream.looks).toBe(looks)
  })

  test('for a provider that is not there', async () => {
    const drawing = painter().drawImages(wish, {
      model: { provider: 'nobody', model: 'x' },
      signal: never,
    })
    expect(await errorOf(drawing)).toMatchObject({ code: 'provider_unavailable' })
  })
})

/** One for each key. */
function many(status: number, body: unknown = { error: { message: 'no' } }) {
  return [1, 2].map(() => ({ status, body }))
}
