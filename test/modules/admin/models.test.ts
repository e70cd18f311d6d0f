import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { rotateProviderKeys } from '../../../src/modules/admin/rotate-provider-keys.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { type Person, startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const models = '/api/v1/admin/models'
const keys = '/api/v1/admin/provider-keys'
const prices = { input: 2_000_000, cached_input: 500_000, output: 8_000_000, reasoning: null }

describeOnBothStacks('models and keys, for administrators', (start) => {
  test('a model is entered, offered, used, restricted to a plan, and taken back', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const ann = await house.person('ann@example.com')
    const made = await admin.ask('POST', models, {
      provider: 'deepseek',
      upstream: 'reasoning',
      model_id: 'thinker',
      name: 'The thinker',
      context_window: 9000,
      max_output_tokens: 500,
      prices,
      capabilities: { vision: false, reasoning: true, tools: null },
    })
    expect([made.status, made.body]).toMatchObject([
      201,
      { model_id: 'thinker', usable: true, plans: null, fallbacks: [] },
    ])
    expect(await offered(ann, 'thinker')).toEqual({
      id: 'thinker',
      provider: 'deepseek',
      name: 'The thinker',
      context_window: 9000,
      max_output_tokens: 500,
      prices: { currency: 'USD', ...prices },
      capabilities: { vision: false, reasoning: true, tools: null },
      available: true,
      default: false,
    })
    const answer = await say(ann, { model: 'thinker' })
    expect([answer.status, answer.body.assistant_message.model]).toEqual([200, 'thinker'])
    expect(app.upstream.requests.at(-1)?.body.model).toBe('reasoning')
    expect((await say(ann, { model: 'thinker', max_tokens: 501 })).body.errors).toMatchObject([
      { path: 'max_tokens' },
    ])

    const entry = `${models}/${made.body.id}`
    expect((await admin.ask('PUT', entry, { plans: ['vip'], prices: null })).body).toMatchObject({
      prices: null,
    })
    expect(await offered(ann, 'thinker')).toMatchObject({ available: false, prices: null })
    expect((await say(ann, { model: 'thinker' })).body.code).toBe('forbidden')
    await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'vip' })
    expect((await say(ann, { model: 'thinker' })).status).toBe(200)
    expect((await admin.ask('PUT', entry, { enabled: false })).body.usable).toBe(false)
    expect((await say(ann, { model: 'thinker' })).body.code).toBe('invalid_request')
    expect((await admin.ask('DELETE', entry)).status).toBe(204)
    expect((await admin.ask('DELETE', entry)).status).toBe(404)
    expect((await admin.ask('GET', models)).body.items).toEqual([])
  })

  test('one that stands in answers, and is named by the answer, the turn and the ledger', async () => {
    await using house = await startAsAdmin(start, { LLM_MAX_RETRIES: '0' })
    const { app, admin } = house
    const ann = await house.person('ann@example.com')
    const { body: spare } = await admin.ask('POST', models, {
      provider: 'deepseek',
      upstream: 'normal',
      model_id: 'spare',
    })
    const { body: gone } = await admin.ask('POST', models, {
      provider: 'deepseek',
      upstream: 'x',
      model_id: 'gone',
    })
    const { body: main } = await admin.ask('POST', models, {
      provider: 'deepseek',
      upstream: 'deepseek-chat',
      model_id: 'main',
      fallbacks: ['gone', 'spare'],
    })
    expect((await admin.ask('DELETE', `${models}/${gone.id}`)).status).toBe(204)
    const renamed = { name: 'Main', fallbacks: ['gone', 'spare'] }
    expect((await admin.ask('PUT', `${models}/${main.id}`, renamed)).body).toMatchObject(renamed)
    app.upstream.play({ status: 503, body: '{}' })
    const answer = await say(ann, {})
    expect([answer.body.assistant_message.status, answer.body.assistant_message.model]).toEqual([
      'complete',
      'spare',
    ])
    const rows = rowsOf<{ turn: string; ledger: string }>(
      await app.deps.db.execute(sql`select t.model as turn, u.model as ledger from turns t
        join usage_events u on u.turn_id = t.id and u.kind = 'turn'`),
    )
    expect(rows).toEqual([{ turn: 'spare', ledger: 'spare' }])
    // Only for whose plan includes it.
    await admin.ask('PUT', `${models}/${spare.id}`, { plans: ['vip'] })
    app.upstream.play({ status: 503, body: '{}' })
    expect((await say(ann, {})).body.code).toBe('provider_unavailable')
    await admin.ask('PUT', `/api/v1/admin/users/${ann.id}`, { plan: 'vip' })
    app.upstream.play({ status: 503, body: '{}' })
    expect((await say(ann, {})).body.assistant_message.model).toBe('spare')
  })

  test('what is no model is refused, each fault by its name', async () => {
    await using house = await startAsAdmin(start)
    const { admin } = house
    const good = { provider: 'deepseek', upstream: 'x' }
    expect((await admin.ask('POST', models, good)).body.model_id).toBe('deepseek/x')
    expect((await admin.ask('POST', models, good)).body.code).toBe('conflict')
    for (const [wrong, path] of [
      [{ prices: { ...prices, input: -1 } }, 'prices/input'],
      [{ prices: { ...prices, output: 0.5 } }, 'prices/output'],
      [{ prices: { ...prices, input: 1e15 } }, 'prices/input'],
      [{ prices: { ...prices, input: null } }, 'prices/input'],
      [{ context_window: 10 }, 'context_window'],
      [{ context_window: 2048, max_output_tokens: 4096 }, 'max_output_tokens'],
      [{ provider: 'Not One' }, 'provider'],
      [{ model_id: 'with blank' }, 'model_id'],
      [{ model_id: 'self', fallbacks: ['self'] }, 'fallbacks'],
      [{ plans: ['No Plan'] }, 'plans'],
      [{ plans: ['free', 'vpi'] }, 'plans'],
      [{ fallbacks: ['deepseek/x', 'deepseek/none'] }, 'fallbacks'],
    ] as const) {
      const { status, body } = await admin.ask('POST', models, { ...good, model_id: 'another', ...wrong })
      expect([wrong, status, body.errors?.map((fault: { path: string }) => fault.path)]).toEqual([
        wrong,
        400,
        [path],
      ])
    }
    const last = {
      ...good,
      upstream: 'y',
      plans: ['free'],
      fallbacks: ['deepseek/deepseek-chat', 'deepseek/x'],
    }
    const made = await admin.ask('POST', models, last)
    expect(made.body).toMatchObject(last)
    const misspelled = { plans: ['vpi'], fallbacks: ['deepseek/z', 'deepseek/x'] }
    expect((await admin.ask('PUT', `${models}/${made.body.id}`, misspelled)).body.errors).toEqual([
      { path: 'plans', message: 'There is no vpi' },
      { path: 'fallbacks', message: 'There is no deepseek/z' },
    ])
  })

  test('a key is used, tested, replaced and sealed anew, and never seen again', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const secret = 'sk-canary-0123456789abcd'
    const made = await admin.ask('POST', keys, {
      provider: 'local',
      name: 'Mine',
      base_url: app.upstream.url,
      key: secret,
    })
    expect([made.status, made.body]).toMatchObject([
      201,
      { provider: 'local', last_four: 'abcd', enabled: true, readable: true, rests_for_seconds: 0 },
    ])
    const key = `${keys}/${made.body.id}`
    await admin.ask('POST', models, { provider: 'local', upstream: 'normal', model_id: 'local-model' })
    const ann = await house.person('ann@example.com')
    expect((await say(ann, { model: 'local-model' })).status).toBe(200)
    expect(app.upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)

    const good = await admin.ask('POST', `${key}/test`)
    expect(good.body).toEqual({
      ok: true,
      models: ['first-model', 'second-model'],
      code: null,
      status: null,
      reason: null,
    })
    app.upstream.models = {
      status: 401,
      body: JSON.stringify({ error: { message: `Incorrect key ${secret}` } }),
    }
    const bad = await admin.ask('POST', `${key}/test`)
    expect(bad.body).toEqual({
      ok: false,
      models: null,
      code: 'provider_rejected',
      status: 401,
      reason: 'refused',
    })

    expect(
      (await admin.ask('PUT', key, { base_url: 'https://elsewhere.example' })).body.errors,
    ).toMatchObject([{ path: 'key' }])
    const sealed = async () =>
      rowsOf<{ sealed_key: string }>(await app.deps.db.execute(sql`select sealed_key from provider_keys`))[0]
        ?.sealed_key
    const before = await sealed()
    const config = { ...app.config, secretKey: 'another secret of tests', oldSecretKey: app.config.secretKey }
    const rotate = () => rotateProviderKeys({ ...app.deps, config }, 'command line')
    expect(await rotate()).toEqual({ sealed: 1, lost: [] })
    expect(await rotate()).toEqual({ sealed: 0, lost: [] })
    const acts = (await admin.ask('GET', '/api/v1/admin/audit-log?action=provider_key.rotate')).body.items
    expect(acts).toMatchObject([{ target_id: 'all', after: { keys: 1, unreadable: 0 } }])
    expect(await sealed()).not.toBe(before)
    expect((await admin.ask('GET', keys)).body.items).toMatchObject([{ readable: false }])
    expect((await admin.ask('POST', `${key}/test`)).body.code).toBe('conflict')
    expect((await admin.ask('PUT', key, { key: 'sk-canary-new-one-wxyz' })).body).toMatchObject({
      last_four: 'wxyz',
      readable: true,
    })
    expect((await admin.ask('PUT', key, { enabled: false })).status).toBe(200)
    expect((await say(ann, { model: 'local-model' })).body.code).toBe('invalid_request')
    expect((await admin.ask('DELETE', key)).status).toBe(204)

    const told = [made.body, good.body, bad.body]
    for (const path of [keys, models, '/api/v1/admin/providers', '/api/v1/admin/audit-log']) {
      told.push((await admin.ask('GET', path)).body)
    }
    const stored = await app.deps.db.execute(sql`select to_jsonb(a)::text from audit_log a`)
    expect(JSON.stringify([told, app.log, stored, before])).not.toContain('sk-canary')
  })

  test('what is no key, or no place for one, is refused', async () => {
    await using house = await startAsAdmin(start)
    const { admin } = house
    const good = { provider: 'groq', base_url: 'https://groq.example/v1', key: 'sk-0123456789' }
    for (const [wrong, path] of [
      [{ base_url: null }, 'base_url'],
      [{ base_url: 'ftp://groq.example' }, 'base_url'],
      [{ base_url: 'https://user:pw@groq.example' }, 'base_url'],
      [{ base_url: 'http://groq.example/v1' }, 'base_url'],
      [{ base_url: 'http://169.254.169.254/latest' }, 'base_url'],
      [{ base_url: 'http://[::ffff:a9fe:a9fe]/' }, 'base_url'],
      [{ base_url: 'http://2852039166/' }, 'base_url'],
      [{ key: 'with blank' }, 'key'],
      [{ provider: 'demo' }, 'provider'],
      [{ provider: 'openai', base_url: null, key: null }, 'key'],
    ] as const) {
      const { body } = await admin.ask('POST', keys, { ...good, ...wrong })
      expect([wrong, body.errors?.map((fault: { path: string }) => fault.path)]).toEqual([wrong, [path]])
    }
    expect((await admin.ask('POST', keys, { provider: 'ollama' })).body).toMatchObject({ last_four: null })
    expect((await admin.ask('GET', keys)).body.items.length).toBe(1)
  })
})

async function offered(person: Person, id: string) {
  const { body } = await person.ask('GET', '/api/v1/models')
  return body.items.find((model: { id: string }) => model.id === id)
}

async function say(person: Person, options: object) {
  const { body } = await person.ask('POST', '/api/v1/conversations', { title: 'A talk' })
  return person.ask('POST', `/api/v1/conversations/${body.id}/messages`, { content: 'Hello', ...options })
}
