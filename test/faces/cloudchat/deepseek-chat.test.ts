import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { cookieOf, malformedBodies, play, type Scenario, send } from './scenario.ts'

const app = await startApp(embeddedStack, {
  LIMIT_CHAT_IP: '0',
  LIMIT_CHAT_TOTAL: '0',
  SYSTEM_PROMPT: 'Be kind.',
  MAX_HISTORY: '3',
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(() => app.upstream.reset())
const url = `${app.url}/deepseek_chat`
const ask = (body: unknown) => send(url, { body, status: 200, answer: null })
const lastQuestion = () =>
  app.upstream.requests.at(-1)?.body as { messages: object[] } & Record<string, unknown>

const refused = (error: string, status = 400) => ({ status, answer: { error } })

const scenarios: Scenario[] = [
  ...malformedBodies('message', false),
  { name: 'no body', contentType: null, ...refused('JSON object required') },
  { name: 'nothing', body: {}, ...refused('Message is required') },
  { name: 'null', body: { message: null }, ...refused('Message is required') },
  { name: 'a blank message', body: { message: ' \u3000\u001f\n' }, ...refused('Message is required') },
  { name: 'a long message', body: { message: 'x'.repeat(4001) }, ...refused('message is too long') },
  {
    name: 'a long one in code points',
    body: { message: '界'.repeat(4001) },
    ...refused('message is too long'),
  },
  {
    name: 'a wrong type before an empty message',
    body: { message: '', presetId: 1 },
    ...refused('presetId must be a string'),
  },
  {
    name: 'a long locale before an empty message',
    body: { locale: 'x'.repeat(17) },
    ...refused('locale is too long'),
  },
  {
    name: 'a long preset',
    body: { message: 'x', presetId: 'x'.repeat(65) },
    ...refused('presetId is too long'),
  },
  {
    name: 'a long guide mode',
    body: { message: 'x', guideMode: 'x'.repeat(33) },
    ...refused('guideMode is too long'),
  },
  {
    name: 'an empty message before an unknown guide mode',
    body: { message: ' ', guideMode: 'secret' },
    ...refused('Message is required'),
  },
  {
    name: 'an unknown guide mode',
    body: { message: 'x', guideMode: 'Public_Site' },
    ...refused('guideMode is invalid'),
  },
]

describe('POST /deepseek_chat refuses', () => {
  test.each(scenarios)('$name', async (scenario) => {
    const response = await play(url, scenario)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(app.upstream.requests).toEqual([])
  })
})

describe('POST /deepseek_chat', () => {
  test('answers JSON lines without a charset, which nobody keeps or holds back', async () => {
    app.upstream.play({ text: ['你好', '🙂', '"\\\n'] })
    const response = await ask({ message: 'hello' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const lines = (await response.text()).split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { text: '你好' },
      { text: '🙂' },
      { text: '"\\\n' },
    ])
  })

  test('takes 4000 characters of any plane, white space around them not counted', async () => {
    const message = '🙂'.repeat(3000)
    expect((await ask({ message: `  ${message}\n` })).status).toBe(200)
    expect(lastQuestion().messages.at(-1)).toEqual({ role: 'user', content: message })
  })

  test('asks the model with the system prompt and fixed sampling', async () => {
    await (await ask({ message: 'hello' })).text()
    expect(lastQuestion()).toMatchObject({
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'hello' },
      ],
      temperature: 0.7,
      max_tokens: 2000,
      stream: true,
    })
  })

  test('remembers questions and replies; the model sees the newest rounds', async () => {
    const visitor = app.visitor()
    const replies = ['a', 'b', 'c', 'd', 'e']
    for (const reply of replies) {
      app.upstream.play({ text: [reply] })
      expect(await visitor.chat(`after ${reply}`)).toBe(reply)
    }
    expect(lastQuestion().messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'after c' },
      { role: 'assistant', content: 'c' },
      { role: 'user', content: 'after d' },
      { role: 'assistant', content: 'd' },
      { role: 'user', content: 'after e' },
    ])
  })

  test('keeps visitors apart', async () => {
    await app.visitor().chat('my secret')
    await app.visitor().chat('hello')
    expect(JSON.stringify(lastQuestion().messages)).not.toContain('secret')
  })

  test('an answer without words is an empty body, and only the question is remembered', async () => {
    app.upstream.play({ text: [] })
    const visitor = app.visitor()
    const response = await visitor.post('/deepseek_chat', { message: 'hello' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(messages).toEqual([{ role: 'user', content: 'hello' }])
  })
})

describe('POST /deepseek_chat without a provider', () => {
  test('is answered by the demo model, and remembered alike', async () => {
    await using plain = await startApp(embeddedStack, { DEEPSEEK_API_KEY: '', DEEPSEEK_BASE_URL: '' })
    const visitor = plain.visitor()
    const reply = await visitor.chat('hello there')
    expect(reply).toContain('hello there')
    expect(await (await visitor.get('/chat_history')).json()).toEqual({
      messages: [
        { role: 'user', content: 'hello there' },
        { role: 'assistant', content: reply },
      ],
    })
    expect(await (await visitor.post('/chat', { message: 'and here' })).text()).toContain('and')
  })
})

describe('the cookie of POST /deepseek_chat', () => {
  test('lasts an hour from each use', async () => {
    const visitor = app.visitor()
    const response = await visitor.post('/deepseek_chat', { message: 'hello' })
    await response.text()
    const { value = '', expires = '', ...attributes } = cookieOf(response, 'cc_app') ?? {}
    expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(attributes).toEqual({ path: '/', httponly: '', samesite: 'Lax' })
    expect(new Date(expires).getTime()).toBe(app.clock.now.getTime() + 3_600_000)

    app.clock.advance(600)
    const again = await visitor.post('/deepseek_chat', { message: 'hello' })
    await again.text()
    const renewed = cookieOf(again, 'cc_app')
    expect(renewed?.value).toBe(value)
    expect(new Date(renewed?.expires ?? '').getTime()).toBe(app.clock.now.getTime() + 3_600_000)
  })

  test('is a new one for a value that nobody was given', async () => {
    const planted = 'A'.repeat(43)
    const visitor = app.visitor()
    visitor.cookies.set('cc_app', planted)
    await visitor.chat('hello')
    expect(visitor.cookies.get('cc_app')).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(visitor.cookies.get('cc_app')).not.toBe(planted)
  })

  test('is set also when the model fails: the visitor exists by then', async () => {
    app.upstream.play({ status: 500 }, { status: 500 }, { status: 500 })
    expect(cookieOf(await ask({ message: 'hello' }), 'cc_app')).not.toBeNull()
  })
})
