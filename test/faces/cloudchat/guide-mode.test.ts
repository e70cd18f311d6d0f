import { afterAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const guideFile = join(tempFolder('guide'), 'guide.json')
await Bun.write(
  guideFile,
  JSON.stringify({
    knowledge: { zh: '张三住在杭州。', en: 'Zhang San lives in Hangzhou.' },
    presets: { who_is_renda: { zh: '说他是谁。', en: 'Say who he is.' } },
  }),
)
const limits = { LIMIT_CHAT_IP: '0', LIMIT_CHAT_TOTAL: '0' }
const app = await startApp(embeddedStack, { ...limits, GUIDE_FILE: guideFile, SYSTEM_PROMPT: 'Be kind.' })
afterAll(() => app[Symbol.asyncDispose]())

const prompt = (of = app) => of.upstream.requests.at(-1)?.body.messages as { role: string; content: string }[]

describe('guide mode on POST /deepseek_chat', () => {
  test('shows the model the guide and this question alone; the visible message is remembered', async () => {
    const visitor = app.visitor()
    await visitor.chat('what came before')
    app.upstream.play({ text: ['In Hangzhou.'] })
    const message = `Where? ${'x'.repeat(1000)}`
    const body = { message, guideMode: 'public_site', presetId: 'who_is_renda', locale: 'en' }
    await (await visitor.post('/deepseek_chat', body)).text()

    const [system, guide, ...more] = prompt()
    expect(more).toEqual([])
    expect(system).toEqual({ role: 'system', content: 'Be kind.' })
    expect(guide?.role).toBe('user')
    expect(guide?.content).toContain('Zhang San lives in Hangzhou.')
    expect(guide?.content).toContain('Say who he is.')
    expect(guide?.content).toContain(message.slice(0, 600))
    expect(guide?.content).not.toContain(message.slice(0, 601))

    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(messages.slice(2)).toEqual([
      { role: 'user', content: message },
      { role: 'assistant', content: 'In Hangzhou.' },
    ])
  })

  test('falls back for a preset that nobody knows, and speaks the language of the browser', async () => {
    const response = await app.visitor().fetch('/deepseek_chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'zh-CN' },
      body: JSON.stringify({ message: '在哪?', guideMode: 'public_site', presetId: '__proto__' }),
    })
    expect(response.status).toBe(200)
    await response.text()
    expect(prompt().at(-1)?.content).toContain('张三住在杭州。')
    expect(prompt().at(-1)?.content).not.toContain('说他是谁。')
  })

  test('without a guide sends the question alone', async () => {
    await using plain = await startApp(embeddedStack, limits)
    const visitor = plain.visitor()
    await visitor.chat('before')
    await (await visitor.post('/deepseek_chat', { message: 'Where?', guideMode: 'public_site' })).text()
    expect(prompt(plain).slice(1)).toEqual([{ role: 'user', content: 'Where?' }])
  })
})
