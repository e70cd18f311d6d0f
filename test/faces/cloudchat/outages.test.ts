import { afterAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../../src/app.ts'
import { startGatedUpstream } from '../../support/gated-upstream.ts'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'

/** Nobody listens there. */
const deadDatabase = { DATABASE_URL: 'postgres://cloudchat:x@127.0.0.1:1/cloudchat' }
const loggedIn = { cookie: `cc_auth=${'A'.repeat(43)}`, 'content-type': 'application/json' }
const question = { method: 'POST', headers: loggedIn, body: '{"message":"hello"}' }

describe('without a database', () => {
  test('accounts answer 503, the chat goes on, and the probe says what is missing', async () => {
    await using app = await startApp(embeddedStack, deadDatabase)
    const post = (path: string, body: object) => app.visitor().post(path, body)
    const unavailable = [503, { ok: false, error: 'Service unavailable' }]
    const account = { identifier: 'a@b.c', email: 'a@b.c', password: 'correct horse 1', token: 'x' }
    for (const path of ['/auth/register', '/auth/login', '/auth/password/forgot', '/auth/password/reset']) {
      const response = await post(path, account)
      expect([response.status, await response.json()]).toEqual(unavailable)
    }
    const me = await fetch(`${app.url}/auth/me`, { headers: loggedIn })
    expect([me.status, await me.json()]).toEqual(unavailable)
    const logout = await fetch(`${app.url}/auth/logout`, { method: 'POST', headers: loggedIn })
    expect([logout.status, await logout.json()]).toEqual(unavailable)

    const chat = await fetch(`${app.url}/deepseek_chat`, question)
    expect(chat.status).toBe(200)
    expect(await chat.text()).not.toBe('')

    const probe = await fetch(`${app.url}/auth/healthz`)
    expect([probe.status, await probe.json()]).toEqual([503, { ok: false, redis: true, db: false }])
  })

  test('a chat for members alone is 503: who is one cannot be known', async () => {
    await using app = await startApp(embeddedStack, { ...deadDatabase, ANONYMOUS_CHAT: '0' })
    const response = await fetch(`${app.url}/deepseek_chat`, question)
    expect([response.status, await response.json()]).toEqual([503, { error: 'Service unavailable' }])
  })
})

describe('a silent model', () => {
  const model = startGatedUpstream()
  afterAll(() => model.stop())

  test('is not cut by the time that connections may be quiet', async () => {
    await using app = await startApp(embeddedStack, { DEEPSEEK_BASE_URL: model.url })
    const impatient = createApp(app.deps).listen({ hostname: '127.0.0.1', port: 0, idleTimeout: 1 })
    try {
      const asked = fetch(`http://127.0.0.1:${impatient.server?.port}/deepseek_chat`, question)
      const answer = await model.answer(1)
      answer.say('first word')
      const response = await asked
      // Bun looks for quiet connections every four seconds.
      await Bun.sleep(5000)
      answer.end()
      expect(await response.text()).toBe('{"text": "first word"}\n')
    } finally {
      await impatient.stop(true)
    }
  }, 20_000)
})
