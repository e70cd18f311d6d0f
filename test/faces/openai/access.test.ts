import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createSharedMemory } from '../../../src/deps.ts'
import { closeEndedCalls } from '../../../src/modules/auth/jobs.ts'
import { resolveCaller } from '../../../src/modules/auth/resolve-caller.ts'
import { registerPerson } from '../../support/api-person.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { hello, openGateway, refusal } from './gateway.ts'
import { readLines } from './lines.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('who may ask at /v1', (start) => {
  test('whoever has a good key or access token, and nobody else', async () => {
    await using at = await openGateway(start)
    const { app, ann, key } = at
    const models = (headers: Record<string, string>) => fetch(`${app.url}/v1/models`, { headers })
    const wrongKey = { status: 401, code: 'invalid_api_key', type: 'invalid_request_error' }
    expect((await models({ authorization: `Bearer ${key}` })).status).toBe(200)
    expect((await models({ 'x-api-key': key })).status).toBe(200)
    expect((await models({ authorization: ann.authorization })).status).toBe(200)
    const other = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')
    for (const headers of [
      {},
      { authorization: `Bearer ${other}` },
      { authorization: 'Bearer cc-' },
      { authorization: `Bearer ${key}, Bearer ${key}` },
      { authorization: `Basic ${btoa(`x:${key}`)}` },
      { 'x-api-key': `${key}'--` },
    ] as Record<string, string>[]) {
      expect(await refusal(models(headers))).toMatchObject(wrongKey)
    }

    const bob = app.visitor()
    await bob.post('/api/v1/auth/register', {
      username: 'bob',
      password: 'vexing-7 quince',
      session: 'cookie',
    })
    // A cookie alone lets nobody in, and beside another's key nobody knows whom to bill.
    expect((await bob.get('/v1/models')).status).toBe(401)
    const asked = { headers: { authorization: `Bearer ${key}` } }
    expect(await refusal(bob.fetch('/v1/models', asked))).toMatchObject({ status: 400 })
    const second = (await at.newKey({})).key
    const both = { authorization: `Bearer ${key}`, 'x-api-key': second }
    expect(await refusal(models(both))).toMatchObject({ status: 400 })
    expect((await models({ authorization: `Bearer ${key}`, 'x-api-key': key })).status).toBe(200)

    const account = await fetch(`${app.url}/api/v1/users/me`, { headers: { authorization: `Bearer ${key}` } })
    expect([account.status, await account.json()]).toMatchObject([401, { code: 'unauthenticated' }])
    // Where keys open nothing, two people at once are refused all the same.
    const withKey = { headers: { 'x-api-key': key } }
    const eve = await registerPerson(app.url)
    expect((await ann.fetch('/api/v1/keys', withKey)).status).toBe(200)
    expect((await eve.fetch('/api/v1/keys', withKey)).status).toBe(400)
    expect((await bob.fetch('/api/v1/users/me', withKey)).status).toBe(400)
    const withToken = { headers: { 'x-api-key': ann.authorization.slice('Bearer '.length) } }
    expect((await eve.fetch('/api/v1/keys', withToken)).status).toBe(400)
    expect((await eve.fetch('/api/v1/keys', { headers: { 'x-api-key': other } })).status).toBe(200)
  })

  test('with a key as far as it goes: scope, models, address, time', async () => {
    await using at = await openGateway(start, { MODELS: 'deepseek/other', TRUSTED_PROXIES: '127.0.0.1' })
    const { app, ask, newKey } = at
    const status = async (answer: Promise<Response>) => (await refusal(answer)).status
    const usageOnly = (await newKey({ scopes: ['usage'] })).key
    expect(await refusal(ask('/chat/completions', hello, usageOnly))).toMatchObject({
      status: 403,
      code: 'insufficient_permissions',
    })
    const chatOnly = (await newKey({ scopes: ['chat'] })).key
    for (const path of ['/users/me/quota', '/usage/summary']) {
      const read = async (key: string) =>
        (await fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).status
      expect([await read(usageOnly), await read(chatOnly)]).toEqual([200, 403])
    }
    const imagesOnly = (await newKey({ scopes: ['images'] })).key
    expect(await status(ask('/embeddings', { model: 'deepseek', input: 'x' }, imagesOnly))).toBe(403)

    const narrow = (await newKey({ models: ['deepseek/other'] })).key
    expect(await refusal(ask('/chat/completions', hello, narrow))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    expect((await ask('/chat/completions', { ...hello, model: 'other' }, narrow)).status).toBe(200)
    const listed = await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${narrow}` } })
    expect(await listed.json()).toMatchObject({ data: [{ id: 'deepseek/other' }] })

    const homely = (await newKey({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] })).key
    const from = (address: string) => ask('/chat/completions', hello, homely, { 'x-forwarded-for': address })
    for (const address of ['192.0.2.7', '2001:db8:1::9']) expect((await from(address)).status).toBe(200)
    for (const address of ['192.0.3.7', '2001:db9::1', '127.0.0.1'])
      expect(await status(from(address))).toBe(403)

    const shortLived = (await newKey({ expires_at: '2026-03-01T13:00:00Z' })).key
    expect((await ask('/chat/completions', hello, shortLived)).status).toBe(200)
    const used = () => at.ann.json<{ items: { last_used_at: string | null }[] }>('GET', '/api/v1/keys')
    while ((await used()).items.every(({ last_used_at: lastUsed }) => lastUsed === null)) await Bun.sleep(50)
    app.clock.advance(3601)
    expect(await refusal(ask('/chat/completions', hello, shortLived))).toMatchObject({
      status: 401,
      code: 'token_expired',
    })
  })

  test('until the key is revoked, here at once and elsewhere within a second; what is on its way is cut', async () => {
    await using at = await openGateway(start)
    const { app, ann, ask } = at
    const there = { ...app.deps, ...createSharedMemory(app.deps.now) }
    const { id, key } = await at.newKey({})
    const presented = { cookie: null, bearer: key, apiKey: null }
    const isLetIn = async () =>
      (await resolveCaller(there, presented, { ip: '127.0.0.1', scope: null })) !== null
    app.upstream.play(
      { text: ['first', 'never'], delayMs: 60_000 },
      { text: ['first', 'never'], delayMs: 60_000 },
    )
    const lines = [await readLines(ask('/chat/completions', { ...hello, stream: true }, key))]
    expect(await isLetIn()).toBe(true)
    await ann.json('DELETE', `/api/v1/keys/${id}`)
    const rest = await lines[0]?.rest()
    expect(rest).not.toContain('[DONE]')
    expect(rest).toContain('event: error')
    expect(rest).toContain('The session or key that asks has ended')
    expect(await app.upstream.requests[0]?.closed).toBe('left')
    expect((await ask('/chat/completions', hello, key)).status).toBe(401)
    app.clock.advance(1)
    expect(await isLetIn()).toBe(false)

    // Elsewhere: this instance hears nothing of it, and looks.
    const second = await at.newKey({})
    const open = await readLines(ask('/chat/completions', { ...hello, stream: true }, second.key))
    await app.deps.db.execute(sql`update api_keys set revoked_at = now() where id = ${second.id}::uuid`)
    await closeEndedCalls(app.deps)
    expect(await open.rest()).not.toContain('[DONE]')
    expect(await at.ledger(2)).toMatchObject([{ outcome: 'stopped' }, { outcome: 'stopped' }])
  })

  test('as often as the limits of key, account and address allow', async () => {
    await using at = await openGateway(start, {
      LIMIT_GATEWAY_KEY: '3/60',
      LIMIT_GATEWAY_USER: '6/60',
      LIMIT_GATEWAY_IP: '10/60',
      TRUSTED_PROXIES: '127.0.0.1',
    })
    const { app, ask, newKey } = at
    const first = await ask('/chat/completions', hello)
    expect(first.headers.get('ratelimit-policy')).toContain('"key";q=3;w=60')
    expect(first.headers.get('ratelimit')).toContain('"key";r=2;t=60')
    for (let time = 0; time < 2; time++) expect((await ask('/chat/completions', hello)).status).toBe(200)
    const refused = await ask('/chat/completions', hello)
    expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 61)
    expect(refused.headers.get('ratelimit')).toContain('"key";r=0')
    expect(await refusal(refused)).toMatchObject({
      status: 429,
      type: 'requests',
      code: 'rate_limit_exceeded',
    })
    const hurried = (await newKey({ rate: { requests: 5, seconds: 10 } })).key
    const allowed = await ask('/chat/completions', hello, hurried)
    expect(allowed.headers.get('ratelimit-policy')).toContain('"key";q=5;w=10')
    expect(app.upstream.requests).toHaveLength(4)

    // All keys of one person together, those that are refused as well; and nobody else's.
    expect((await ask('/chat/completions', hello, hurried)).status).toBe(200)
    const tooMany = await ask('/chat/completions', hello, hurried)
    expect(tooMany.headers.get('ratelimit-policy')).toContain('"account";q=6;w=60')
    expect(tooMany.headers.get('ratelimit')).toContain('"account";r=0')
    expect(await refusal(tooMany)).toMatchObject({
      status: 429,
      message: 'Too many requests of this account',
    })
    const bob = await registerPerson(app.url)
    expect((await bob.fetch('/v1/models')).status).toBe(200)

    // Whoever asks from one address, IPv6 by the first half of it, so that keys cannot be tried out.
    const from = (address: string, asker = 'cc-none') =>
      ask('/chat/completions', hello, asker, { 'x-forwarded-for': address })
    for (let time = 0; time < 10; time++) expect((await from(`2001:db8::${time}`)).status).toBe(401)
    const { key: another } = await bob.json<{ key: string }>('POST', '/api/v1/keys', { name: 'test' })
    const crowded = await from('2001:db8::ffff', another)
    expect(crowded.headers.get('ratelimit-policy')).toContain('"address";q=10;w=60')
    expect(await refusal(crowded)).toMatchObject({
      status: 429,
      message: 'Too many requests of this address',
    })
    expect((await from('2001:db8:0:1::1', another)).status).toBe(200)
  })
})
