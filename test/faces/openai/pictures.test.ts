import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import OpenAI from 'openai'
import { rows } from '../../modules/chat/chat.ts'
import { held } from '../../modules/usage/usage.ts'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import { png, startImageUpstream } from '../../support/image-upstream.ts'
import { clientOf, openGateway, overheadOf, refusal } from './gateway.ts'

async function setUp(start: StartApp, env: Record<string, string> = {}) {
  const painter = startImageUpstream()
  const gateway = await openGateway(start, {
    OPENAI_BASE_URL: painter.openaiUrl,
    OPENAI_API_KEY: 'sk-test',
    DASHSCOPE_BASE_URL: painter.dashscopeUrl,
    DASHSCOPE_API_KEY: 'sk-dash',
    MODELS: 'deepseek/deepseek-chat,qwen/qwen-plus',
    IMAGE_MODELS: 'wanx,openai/gpt-image-1',
    ...env,
  })
  return {
    ...gateway,
    painter,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await painter.stop()
    },
  }
}

const wish = { model: 'qwen/wanx', prompt: 'a fox' }
const waiting = { task_status: 'RUNNING' }

describeOnBothStacks('pictures for OpenAI’s clients', (start) => {
  test('are drawn by DashScope’s tasks too, inline or where the provider has put them', async () => {
    await using at = await setUp(start)
    const { client, painter } = at
    painter.states = [waiting]
    const inline = await client.images.generate({ ...wish, n: 2, size: '512x512' })
    expect(inline.created).toBe(Math.floor(at.app.clock.now.getTime() / 1000))
    expect(inline.data).toEqual([{ b64_json: png.toString('base64') }, { b64_json: png.toString('base64') }])
    expect(painter.asked.at(-1)).toEqual({
      body: { model: 'wanx', input: { prompt: 'a fox' }, parameters: { n: 2, size: '512*512' } },
      key: 'Bearer sk-dash',
    })
    const { data } = await client.images.generate({ ...wish, size: 'auto', response_format: 'url' })
    expect(data).toEqual([{ url: expect.stringMatching(/^http.*\/picture$/) }])
    // By a model that does nothing but draw, in OpenAI's words.
    const passedOn = await client.images.generate({ ...wish, model: 'openai/gpt-image-1' })
    expect([passedOn.data?.length, painter.asked.at(-1)?.body]).toEqual([
      1,
      { model: 'gpt-image-1', prompt: 'a fox' },
    ])
    const drawn = { kind: 'image', outcome: 'complete', keyId: at.keyId }
    expect(await at.ledger(3)).toMatchObject([
      { ...drawn, model: 'qwen/wanx', images: 2, prompt: 0, completion: 0 },
      { ...drawn, model: 'qwen/wanx', images: 1 },
      { ...drawn, model: 'openai/gpt-image-1', images: 1 },
    ])
  })

  test('are streamed by whoever streams them, and paid when they have come', async () => {
    await using at = await setUp(start)
    const { client, painter, ask } = at
    painter.bytes = new Uint8Array(3 << 20).fill(7)
    const order = { model: 'openai/gpt-image-1', prompt: 'a fox', partial_images: 1 }
    const types: string[] = []
    for await (const event of await client.images.generate({ ...order, stream: true })) types.push(event.type)
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.completed'])
    painter.isCut = true
    const cut = await ask('/images/generations', { ...order, stream: true, n: 2 })
    expect(await cut.text()).toContain('broke off')
    expect(await at.ledger(2)).toMatchObject([
      { kind: 'image', outcome: 'complete', images: 1, prompt: 10, completion: 100, isEstimated: false },
      { kind: 'image', outcome: 'failed', images: 0, errorCode: 'provider_unavailable' },
    ])
  })

  test('are paid as many as have come, however many were asked for', async () => {
    await using at = await setUp(start)
    const { painter, app } = at
    const id = 'openai/gpt-image-1'
    const ref = { provider: 'openai', model: 'gpt-image-1' }
    const terms = { prices: null, plans: null, fallbacks: [], pictureMicros: 40_000, isEnabled: true }
    app.deps.offerMemory.painters = [{ ref, id, name: 'Painter', ...terms }]
    const item = { b64_json: png.toString('base64') }
    const answers = [
      { data: [item] },
      { data: [item, { error: { code: 'flagged', message: 'no' } }, { ...item, error: null }] },
      { data: [] },
      // In words that nobody knows: then it is as was asked for.
      { pictures: [item] },
    ]
    for (const body of answers) {
      painter.refuse({ status: 200, body })
      const answer = await at.ask('/images/generations', { model: id, prompt: 'a fox', n: 4 })
      expect([answer.status, await answer.json()]).toEqual([200, body])
    }
    expect((await at.ledger(4)).map(({ outcome, images }) => [outcome, images])).toEqual([
      ['complete', 1],
      ['complete', 2],
      ['complete', 0],
      ['complete', 4],
    ])
    const costs = await rows(app.deps, sql`select cost_micros::integer as cost from usage_events order by id`)
    expect(costs).toEqual([{ cost: 40_000 }, { cost: 80_000 }, { cost: 0 }, { cost: 160_000 }])
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
  })

  test('are refused before anybody is asked, or cost nothing when they fail', async () => {
    await using at = await setUp(start)
    const { painter, ask } = at
    const refusals = [
      { n: 5 },
      { size: '512*512' },
      { size: 5 },
      { stream: true },
      { response_format: 'png' },
      { prompt: '' },
    ]
    for (const wrong of refusals) {
      expect(await refusal(ask('/images/generations', { ...wish, ...wrong }))).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        param: Object.keys(wrong)[0],
      })
    }
    expect(await refusal(ask('/images/generations', { ...wish, model: 'wanx' }))).toMatchObject({
      status: 404,
    })
    const chatting = { model: 'qwen/wanx', messages: [{ role: 'user', content: 'hello' }] }
    expect(await refusal(ask('/chat/completions', chatting))).toMatchObject({ status: 404 })
    expect(painter.asked).toEqual([])

    const { key } = await at.newKey({ quota: { requests_day: 1 } })
    painter.states = [{ task_status: 'FAILED', code: 'DataInspectionFailed' }]
    expect(await refusal(ask('/images/generations', wish, key))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      code: 'content_policy_violation',
    })
    painter.states = [{ task_status: 'FAILED', code: 'InvalidParameter.Size' }]
    expect(await refusal(ask('/images/generations', wish, key))).toMatchObject({ status: 400, code: null })
    painter.refuse({ status: 403, body: { error: { code: 'moderation', message: 'flagged' } } })
    const passedOn = ask('/images/generations', { ...wish, model: 'openai/gpt-image-1' }, key)
    expect(await refusal(passedOn)).toMatchObject({ status: 400, code: 'content_policy_violation' })
    // Where the key is at fault, whoever asks is not.
    painter.refuse({ status: 401, body: {} })
    expect(await refusal(ask('/images/generations', wish, key))).toMatchObject({
      status: 502,
      code: 'provider_rejected',
    })
    // The same where its status says that he is, and the house's bills are nobody's business.
    const unpaid = { message: 'Your credit balance is too low to draw', type: 'invalid_request_error' }
    painter.refuse({ status: 400, body: { error: unpaid } })
    const passed = ask('/images/generations', { ...wish, model: 'openai/gpt-image-1' }, key)
    expect(await refusal(passed)).toMatchObject({ status: 502, message: 'The model refused the request' })
    painter.states = [{ task_status: 'FAILED', code: 'InternalError' }]
    expect(await refusal(ask('/images/generations', wish, key))).toMatchObject({
      status: 502,
      code: 'provider_unavailable',
    })
    const drawn = await ask('/images/generations', wish, key)
    expect([drawn.status, overheadOf(drawn)]).toEqual([200, expect.any(Number)])
    expect(overheadOf(drawn)).toBeGreaterThan(0)
    expect(await refusal(ask('/images/generations', wish, key))).toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    })
    const failed = { outcome: 'failed', images: 0, prompt: 0, completion: 0 }
    expect(await at.ledger(7)).toMatchObject([
      { ...failed, errorCode: 'invalid_request' },
      { ...failed, errorCode: 'invalid_request' },
      { ...failed, errorCode: 'invalid_request' },
      { ...failed, errorCode: 'provider_rejected' },
      { ...failed, errorCode: 'provider_rejected' },
      { ...failed, errorCode: 'provider_unavailable' },
      { outcome: 'complete', images: 1 },
    ])
  })

  test('are drawn by DashScope where what stands before it fails, if it can', async () => {
    await using at = await setUp(start)
    const { painter, app } = at
    const ref = { provider: 'openai', model: 'gpt-image-1' }
    const known = { prices: null, plans: null, pictureMicros: null, isEnabled: true }
    const first = 'openai/gpt-image-1'
    const offer = { ref, id: first, name: 'First', ...known, fallbacks: ['qwen/wanx'] }
    app.deps.offerMemory.painters = [offer]
    painter.refuse({ status: 500, body: {} })
    const { data } = await at.client.images.generate({ ...wish, model: first })
    expect(data).toEqual([{ b64_json: png.toString('base64') }])
    // A task for four at most, and what is wrong with the question, no other would draw.
    for (const [status, more, told] of [
      [500, { n: 5 }, 502],
      [400, {}, 400],
    ] as const) {
      painter.refuse({ status, body: {} })
      expect((await at.ask('/images/generations', { ...wish, model: first, ...more })).status).toBe(told)
    }
    expect(await at.ledger(3)).toMatchObject([
      { outcome: 'complete', model: 'qwen/wanx', images: 1 },
      { outcome: 'failed', model: first, images: 0 },
      { outcome: 'failed', model: first, images: 0 },
    ])
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
  })

  test('are looked for no more when the client has left, and paid; nobody orders them without end', async () => {
    await using at = await setUp(start, { LIMIT_IMAGE_USER: '4/60' })
    const { painter, app } = at
    const plan = await at.newKey({ quota: { requests_day: 1 } })
    const client = clientOf(app.url, plan.key)
    painter.states = Array.from({ length: 50 }, () => waiting)
    const leaving = new AbortController()
    const drawing = client.images
      .generate({ ...wish, n: 3 }, { signal: leaving.signal })
      .catch((error: unknown) => error)
    while (painter.looks === 0) await Bun.sleep(20)
    leaving.abort()
    expect(await drawing).toBeInstanceOf(OpenAI.APIUserAbortError)
    while ((await held(app.deps))?.reservations !== 0) await Bun.sleep(20)
    // Whoever still looked would take the next state.
    const { length } = painter.states
    painter.states = []
    const { looks } = painter
    expect((await at.client.images.generate(wish)).data).toHaveLength(1)
    expect([length > 40, painter.looks]).toEqual([true, looks + 1])
    expect(await at.ledger(2)).toMatchObject([
      { kind: 'image', outcome: 'stopped', model: 'qwen/wanx', images: 3, errorCode: null, keyId: plan.id },
      { outcome: 'complete', images: 1 },
    ])
    // Passed on in OpenAI's words it is the same.
    const { promise, resolve } = Promise.withResolvers<void>()
    painter.until = promise
    const second = new AbortController()
    const order = { ...wish, model: 'openai/gpt-image-1', n: 2 }
    const passedOn = at.client.images.generate(order, { signal: second.signal }).catch((error) => error)
    while (painter.asked.at(-1)?.body.model !== 'gpt-image-1') await Bun.sleep(20)
    second.abort()
    expect(await passedOn).toBeInstanceOf(OpenAI.APIUserAbortError)
    expect((await at.ledger(3))[2]).toMatchObject({ kind: 'image', outcome: 'stopped', images: 2 })
    resolve()
    const again = () => refusal(at.ask('/images/generations', wish, plan.key))
    expect(await again()).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(await again()).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  })
})
