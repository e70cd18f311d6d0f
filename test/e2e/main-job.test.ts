import { expect, setDefaultTimeout, test } from 'bun:test'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { openLines } from '../support/lines.ts'
import { startMailServer } from '../support/mail-server.ts'
import { describeOnStacks } from '../support/stacks.ts'

setDefaultTimeout(60_000)

const person = { email: 'ren.da@example.com', password: 'correct horse 1', display_name: '人大' }
const logIn = { identifier: person.email, password: person.password }

describeOnStacks('the main job', (stack) => {
  test('a person registers, logs in, chats, and the model remembers', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const visitor = app.visitor()

    const registered = await visitor.post('/auth/register', person)
    expect([registered.status, await registered.json()]).toEqual([201, { ok: true }])
    expect((await visitor.get('/auth/me')).status).toBe(401)

    expect((await visitor.post('/auth/login', logIn)).status).toBe(200)
    const me = (await (await visitor.get('/auth/me')).json()) as { user: object }
    expect(me.user).toMatchObject({ email: person.email, display_name: '人大', phone: null, is_active: true })

    const first = openLines(visitor.post('/deepseek_chat', { message: '我叫人大' }))
    const answer = await upstream.answer(1)
    for (const word of ['你好', '，', '人大 🙂']) {
      answer.say(word)
      expect(JSON.parse((await first.next()) ?? '')).toEqual({ text: word })
    }
    answer.end()
    expect(await first.next()).toBeNull()

    const second = visitor.chat('我叫什么?')
    const { question, say, end } = await upstream.answer(2)
    expect(question.messages.filter((message) => message.role !== 'system')).toEqual([
      { role: 'user', content: '我叫人大' },
      { role: 'assistant', content: '你好，人大 🙂' },
      { role: 'user', content: '我叫什么?' },
    ])
    say('人大')
    end()
    expect(await second).toBe('人大')

    const history = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(history.messages).toEqual([
      { role: 'user', content: '我叫人大' },
      { role: 'assistant', content: '你好，人大 🙂' },
      { role: 'user', content: '我叫什么?' },
      { role: 'assistant', content: '人大' },
    ])
    expect((await visitor.post('/auth/logout')).status).toBe(200)
    expect((await visitor.get('/auth/me')).status).toBe(401)
    await upstream.stop()
  })

  test('what must survive a restart survives it', async () => {
    await using app = await startBinaryOnStack(stack)
    const visitor = app.visitor()
    await visitor.post('/auth/register', person)
    await visitor.post('/auth/login', logIn)
    await visitor.chat('hello')

    expect(await app.restart()).toBe(0)

    expect((await visitor.get('/auth/me')).status).toBe(200)
    expect((await app.visitor().post('/auth/login', logIn)).status).toBe(200)
    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    // The in-process store forgets; Redis remembers.
    expect(messages.length).toBe(stack.name === 'embedded' ? 0 : 2)
  })

  test('without a provider the demo model answers, and says so', async () => {
    await using app = await startBinaryOnStack(stack)
    const answer = await app.visitor().chat('What is the answer to life?')
    expect(answer).toMatch(/demo/i)
    expect(answer).toContain('What is the answer to life?')
  })

  test('a forgotten password: a letter, a new password, every old session gone', async () => {
    const mail = await startMailServer()
    await using app = await startBinaryOnStack(stack, {
      env: {
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(mail.port),
        SMTP_USER: mail.user,
        SMTP_PASS: mail.password,
        SMTP_TLS: '0',
        MAIL_FROM: 'noreply@cloudchat.test',
      },
    })
    const visitor = app.visitor()
    await visitor.post('/auth/register', person)
    await visitor.post('/auth/login', logIn)
    await mail.waitForLetter(person.email)

    expect((await app.visitor().post('/auth/password/forgot', { identifier: person.email })).status).toBe(200)
    const letter = await mail.waitForLetter(person.email, ({ text }) => text.includes('token='))
    const token = /[?#&]token=([\w-]+)/.exec(letter.text)?.[1]
    const reset = await app.visitor().post('/auth/password/reset', { token, password: 'battery staple 2' })
    expect([reset.status, await reset.json()]).toEqual([200, { ok: true, revoked_sessions: 1 }])

    expect((await app.visitor().post('/auth/login', logIn)).status).toBe(401)
    const renewed = { ...logIn, password: 'battery staple 2' }
    expect((await app.visitor().post('/auth/login', renewed)).status).toBe(200)
    await app.restart()
    expect((await visitor.get('/auth/me')).status).toBe(401)
    await mail.stop()
  })

  test('a visitor who leaves stops the provider', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const visitor = app.visitor()
    const lines = openLines(visitor.post('/deepseek_chat', { message: 'tell me a story' }))
    const answer = await upstream.answer(1)
    answer.say('once ')
    await lines.next()
    await lines.leave()
    await answer.left
    await upstream.stop()
  })
})
