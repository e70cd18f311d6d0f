import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { startImageUpstream } from '../support/image-upstream.ts'
import { embeddedStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Look, looks, parsedHandlers, shoot, visit } from '../support/web-page.ts'
import { xssCorpus } from '../support/xss-corpus.ts'

setDefaultTimeout(60_000)

const root = { identifier: 'root@example.com', password: 'vexing-7 quince' }
/** Short enough for whatever has a name. */
const attack = '<img src=x onerror=window.hacked=1>'
const longest = `${attack} <svg onload=window.hacked=1> <a href="javascript:window.hacked=1">x</a>`

const painter = startImageUpstream()
const model = startUpstream()

let browser: Browser
let app: BinaryOnStack
let filled: { conversation: string; token: string }

beforeAll(async () => {
  browser = await startChromium()
  model.play(...Array(9).fill({ text: [longest] }))
  app = await startBinaryOnStack(embeddedStack, {
    upstream: model.url,
    env: {
      ADMIN_EMAIL: root.identifier,
      ADMIN_PASSWORD: root.password,
      MODELS: 'deepseek/small:2048:512',
      DEFAULT_MODEL: 'deepseek/small',
      DASHSCOPE_BASE_URL: painter.dashscopeUrl,
      DASHSCOPE_API_KEY: 'sk-dash',
    },
  })
  filled = await fill()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
  await Promise.all([painter.stop(), model.stop()])
})

/** Whatever takes words gets an attack for them. */
async function fill() {
  const login = await send('', 'POST', 'auth/login', root)
  const ask = (method: string, path: string, body: object) =>
    send(`Bearer ${login.access_token}`, method, path, body)
  const all = xssCorpus.map((payload, at) => ({ title: payload.slice(0, 190), at, payload }))
  const message = (role: string, content: string) => ({
    role,
    content,
    reasoning: content,
    status: 'complete',
  })
  const conversations = [
    ...all
      .slice(0, 40)
      .map(({ title, at }) => ({ id: `title-${at}`, title, messages: [message('user', 'Hi')] })),
    {
      id: 'all',
      title: attack,
      tags: [attack],
      system_prompt: all.map(({ payload }) => payload).join('\n'),
      pinned: true,
      messages: all.flatMap(({ payload, at }) => [
        { ...message('user', payload), id: `q${at}`, parent_id: at === 0 ? null : `a${at - 1}` },
        { ...message('assistant', `${payload}\n\nEnd`), id: `a${at}`, parent_id: `q${at}` },
      ]),
    },
  ]
  await ask('POST', 'import', { format: 'cloudchat', version: 1, conversations })
  const found = await ask('GET', 'conversations?pinned=true', {})
  const { id: conversation } = found.items[0]
  const share = { title: longest, display_name: attack }
  const { token } = await ask('POST', `conversations/${conversation}/shares`, share)
  await ask('POST', `conversations/${conversation}/summaries`, {})
  await ask('POST', 'images', { prompt: longest })
  await ask('POST', 'keys', { name: attack })
  // What a plan is called may be no such thing.
  const refusal = await ask('POST', 'admin/plans', { name: attack, limits: {} }).catch(String)
  expect(refusal).toContain('400')
  await ask('PUT', 'admin/settings', { site_name: attack, footer: longest })
  await ask('POST', 'admin/invites', { note: attack })
  await ask('POST', 'admin/top-up-codes', { micros: 1_000_000, count: 1, note: attack })
  const key = { provider: 'nearby', name: attack, base_url: 'http://127.0.0.1:9/v1', key: null }
  await ask('POST', 'admin/provider-keys', key)
  await ask('POST', 'admin/models', { provider: 'nearby', upstream: 'one', name: attack })
  const { user } = await send('', 'POST', 'auth/register', {
    email: 'ann@example.com',
    password: root.password,
    display_name: attack,
  })
  await ask('PUT', `admin/users/${user.id}/ban`, { reason: attack })
  return { conversation, token }
}

async function send(authorization: string, method: string, path: string, body: object) {
  const response = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  // An import tells its progress, a line each.
  return path === 'import' || text === '' ? null : JSON.parse(text)
}

async function comeIn(look: Look) {
  const { context, page } = await visit(browser, look, parsedHandlers)
  const foreign: string[] = []
  context.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url))
      foreign.push(request.url())
  })
  context.on('dialog', (dialog) => void dialog.dismiss().then(() => foreign.push('a dialog')))
  await context.addInitScript(() => {
    localStorage.setItem('logged_in', '1')
    // A complaint: whichever page it is, it fails the test.
    Object.defineProperty(window, 'hacked', { set: () => console.error('hacked') })
  })
  const data = { ...root, session: 'cookie' }
  await context.request.post(`${app.url}/api/v1/auth/login`, { data })
  return { context, page, foreign }
}

/** It is there, as the words that it is. */
async function see(page: Page, text = attack): Promise<void> {
  await page.getByText(text).first().waitFor({ state: 'attached' })
}

for (const look of looks) {
  test(`nothing that anybody has written runs anywhere; ${look.locale}`, async () => {
    const { context, page, foreign } = await comeIn(look)
    await page.goto(`${app.url}/c/${filled.conversation}`)
    await page.getByRole('article').last().waitFor()
    await shoot(page, `hostile-${look.locale}-conversation`)
    expect(await page.title()).toContain(attack)
    await page.locator('.summary-line summary').click()
    await page.locator('.summary-line p').getByText(longest).waitFor()
    await page.getByRole('button', { name: look === looks[0] ? 'Picture' : '图片', exact: true }).click()
    await page.getByRole('dialog').getByRole('img', { name: longest }).waitFor()
    await see(page, longest)
    await shoot(page, `hostile-${look.locale}-picture`)
    await page.keyboard.press('Escape')
    // The list, whichever way it is shown, and what is found.
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog')
    await dialog.locator('input').first().fill('onerror')
    await dialog.locator('mark').first().waitFor()
    await page.keyboard.press('Escape')
    for (const path of ['settings#keys', 'settings#links', 'dashboard']) {
      await page.goto(`${app.url}/${path}`)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      if (path !== 'dashboard') await see(page)
    }
    for (const part of [
      'users',
      'models',
      'keys',
      'invites',
      'codes',
      'log',
      'settings',
      'overview',
      'usage',
    ]) {
      await page.goto(`${app.url}/admin/${part}`)
      await page.getByRole('main').getByRole('progressbar').first().waitFor({ state: 'detached' })
      await page.getByRole('main').getByRole('heading').first().waitFor()
      if (['users', 'models', 'keys', 'invites', 'codes'].includes(part)) await see(page)
      for (const details of await page.locator('details summary').all()) await details.click()
    }
    await page.goto(`${app.url}/s/${filled.token}`)
    await page.getByRole('heading', { name: longest, level: 1 }).waitFor()
    await see(page)
    await page.goto(`${app.url}/login`)
    expect(foreign).toEqual([])
    await context.close()
  })
}
