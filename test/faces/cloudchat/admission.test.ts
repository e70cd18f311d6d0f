import { describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import type { Visitor } from '../../support/visitor.ts'

const email = 'ada@example.com'
const password = 'correct horse 1'

async function ask(visitor: Visitor, body: unknown = { message: 'hello' }, path = '/deepseek_chat') {
  const response = await visitor.post(path, body)
  const text = await response.text()
  return { status: response.status, text, retryAfter: response.headers.get('retry-after') }
}

const tooMany = { status: 429, text: '{"error":"Too many requests"}' }

describe('who may chat', () => {
  test('is limited by address, malformed questions not counted, both paths counted together', async () => {
    await using app = await startApp(embeddedStack, { LIMIT_CHAT_IP: '2/60' })
    for (const body of [{}, [], { message: 1 }, { message: 'x', guideMode: 'x' }]) {
      expect((await ask(app.visitor(), body)).status).toBe(400)
    }
    expect((await ask(app.visitor())).status).toBe(200)
    expect((await ask(app.visitor(), { message: 'x' }, '/chat')).status).toBe(200)
    const refused = await ask(app.visitor())
    expect(refused).toMatchObject(tooMany)
    expect(Number(refused.retryAfter)).toBeGreaterThan(0)
    expect(await ask(app.visitor(), { message: 'x' }, '/chat')).toMatchObject(tooMany)
    expect((await ask(app.visitor(), {})).status).toBe(400)
  })

  test('without an account shares one limit with all the others; members have it for themselves', async () => {
    await using app = await startApp(embeddedStack, { LIMIT_CHAT_IP: '0', LIMIT_CHAT_TOTAL: '1/86400' })
    const member = app.visitor()
    await member.post('/auth/register', { email, password })
    await member.post('/auth/login', { identifier: email, password })
    expect((await ask(app.visitor())).status).toBe(200)
    expect(await ask(app.visitor())).toMatchObject(tooMany)
    expect((await ask(member)).status).toBe(200)
    expect((await ask(member)).status).toBe(200)
  })

  test('is a matter of an account where the settings say so, and never answered with 401', async () => {
    await using app = await startApp(embeddedStack, { ANONYMOUS_CHAT: '0', LIMIT_CHAT_IP: '1/60' })
    const visitor = app.visitor()
    for (const path of ['/deepseek_chat', '/chat']) {
      const { status, text } = await ask(visitor, { message: 'x' }, path)
      expect({ status, text }).toEqual({ status: 403, text: '{"error":"Login required"}' })
    }
    expect(app.upstream.requests).toEqual([])
    expect(visitor.cookies.size).toBe(0)
    await visitor.post('/auth/register', { email, password })
    await visitor.post('/auth/login', { identifier: email, password })
    expect((await ask(visitor)).status).toBe(200)
    expect(await ask(visitor)).toMatchObject(tooMany)
  })

  test('is a program with an access token too', async () => {
    await using app = await startApp(embeddedStack, { ANONYMOUS_CHAT: '0' })
    await app.visitor().post('/auth/register', { email, password })
    const { access_token } = await (
      await app.visitor().post('/api/v1/auth/login', { identifier: email, password })
    ).json()
    const statusWith = async (token: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const init = { method: 'POST', headers, body: '{"message":"x"}' }
      return (await app.visitor().fetch('/deepseek_chat', init)).status
    }
    expect(await statusWith(access_token)).toBe(200)
    expect(await statusWith('nonsense')).toBe(403)
    app.clock.advance(901)
    expect(await statusWith(access_token)).toBe(401)
  })

  test('is nobody once the service is ending', async () => {
    await using app = await startApp(embeddedStack)
    app.deps.lifecycle.isDraining = true
    for (const path of ['/deepseek_chat', '/chat']) {
      const { status, text, retryAfter } = await ask(app.visitor(), { message: 'x' }, path)
      expect(status).toBe(503)
      expect(JSON.parse(text)).toEqual({ error: expect.any(String) })
      expect(Number(retryAfter)).toBeGreaterThan(0)
    }
    expect((await ask(app.visitor(), {})).status).toBe(400)
    expect((await app.visitor().post('/reset_chat')).status).toBe(200)
  })
})
