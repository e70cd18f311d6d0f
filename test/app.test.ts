import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startGatedUpstream } from './support/gated-upstream.ts'
import { startApp, type TestApp } from './support/harness.ts'
import { embeddedStack } from './support/stacks.ts'

setDefaultTimeout(20_000)

const site = 'https://chat.example.com'
const friend = 'https://friend.example.com'
const upstream = startGatedUpstream()
let app: TestApp

beforeAll(async () => {
  app = await startApp(embeddedStack, {
    TRUSTED_HOSTS: 'chat.example.com,127.0.0.1',
    FRONTEND_BASE_URL: site,
    CORS_ORIGINS: friend,
    DEEPSEEK_BASE_URL: upstream.url,
  })
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await upstream.stop()
})

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

describe('the whole service', () => {
  test('every door has its own words for the same refusal', async () => {
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const api = await post('/api/v1/auth/login', '{}', evil)
    expect(api.status).toBe(403)
    expect(await api.json()).toMatchObject({ code: 'forbidden', status: 403 })
    for (const path of ['/auth/login', '/cloudchat/auth/login']) {
      const face = await post(path, '{}', evil)
      expect(face.status).toBe(403)
      expect(await face.json()).toEqual({ ok: false, error: expect.any(String) })
    }
    const chat = await post('/deepseek_chat', '{}', evil)
    expect(chat.status).toBe(403)
    expect(await chat.json()).toEqual({ error: expect.any(String) })
  })

  test('a body that is too large is refused with words, on every door', async () => {
    for (const length of [20_000, 200_000, 200_000_000]) {
      const large = JSON.stringify({ message: 'x'.repeat(length) })
      expect(await (await post('/auth/login', large)).json()).toEqual({ error: 'Request body is too large' })
      const chat = await post('/deepseek_chat', large)
      expect([chat.status, await chat.json()]).toEqual([413, { error: 'Request body is too large' }])
      const api = await post('/api/v1/auth/login', large)
      expect([api.status, await api.json()]).toMatchObject([413, { code: 'payload_too_large' }])
      expect(api.headers.has('x-request-id')).toBe(true)
    }
  })

  test('a body that no route reads does no harm, however large', async () => {
    const large = 'x'.repeat(200_000_000)
    expect((await post('/reset_chat', large)).status).toBe(200)
    expect((await post('/nowhere', large)).status).toBe(404)
  })

  test('another host is refused before anything else', async () => {
    const refused = await fetch(`${app.url}/livez`, { headers: { host: 'evil.example' } })
    expect(refused.status).toBe(400)
    const taken = await fetch(`${app.url}/livez`, { headers: { host: 'chat.example.com' } })
    expect(taken.status).toBe(200)
  })

  test('a friendly site may ask, and its preflight is answered', async () => {
    const preflight = await fetch(`${app.url}/api/v1/auth/login`, {
      method: 'OPTIONS',
      headers: { origin: friend, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(friend)
    expect(preflight.headers.has('x-request-id')).toBe(true)
    const stranger = await fetch(`${app.url}/livez`, { headers: { origin: 'https://evil.example' } })
    expect(stranger.headers.has('access-control-allow-origin')).toBe(false)
  })

  test('no route that is not meant to be kept may be', async () => {
    const kept = (path: string) => /^(\/cloudchat)?\/(test$|.*\.(js|css|svg)$)/.test(path)
    const paths = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(15)
    for (const path of paths.filter((one) => !kept(one))) {
      const response = await fetch(app.url + path, { redirect: 'manual' })
      expect([path, response.headers.get('cache-control')]).toEqual([
        path,
        expect.stringMatching(/no-store|no-cache/),
      ])
    }
    for (const path of ['/test', '/cloudchat/test']) {
      expect((await fetch(app.url + path)).headers.has('cache-control')).toBe(false)
    }
  })

  test('a stream counts as a connection, and its line in the log waits for its end', async () => {
    const asked = post('/deepseek_chat', '{"message":"hello"}', { 'x-request-id': 'the-stream' })
    const answer = await upstream.answer(1)
    answer.say('hello')
    const response = await asked
    expect(response.status).toBe(200)
    const health = await (await fetch(`${app.url}/health`)).json()
    expect(health.active_connections).toBe(2)
    const lines = () => app.log.filter((line) => line.request_id === 'the-stream' && line.msg === 'request')
    expect(lines()).toEqual([])
    answer.end()
    expect(await response.text()).toContain('hello')
    while (lines().length === 0) await Bun.sleep(1)
    expect(lines()).toMatchObject([{ path: '/deepseek_chat', status: 200, outcome: 'complete' }])
  })

  test('near its end it begins no chat', async () => {
    app.deps.lifecycle.isDraining = true
    const chat = await post('/deepseek_chat', '{"message":"hello"}')
    app.deps.lifecycle.isDraining = false
    expect(chat.status).toBe(503)
    expect(chat.headers.get('retry-after')).toMatch(/^\d+$/)
  })
})
