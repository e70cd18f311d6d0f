import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { registerPerson } from '../support/api-person.ts'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { words } from '../support/page-house.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { checkAccessible, type Look, looksOn, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const own = {
  'en-GB': {
    by: 'Shared by A. Nonymous',
    copy: 'Continue in a copy of my own',
    gone: 'There is nothing to see behind this link, or not any more.',
    logInFirst: 'Log in to continue in a copy of your own.',
  },
  'zh-CN': {
    by: '分享者 A. Nonymous',
    copy: '复制为我的对话并继续',
    gone: '这个链接没有内容，或内容已不再公开。',
    logInFirst: '登录后即可在自己的副本中继续对话。',
  },
}

const title = '</title><script>window.hacked=1</script>'
const attack = '<img src=x onerror="window.hacked=1"> **bold** [link](javascript:window.hacked=1)'

describeOnStacks('the page of something shared', (stack) => {
  let browser: Browser
  let service: BinaryOnStack
  let upstream: Upstream

  beforeAll(async () => {
    upstream = await startUpstream()
    service = await startBinaryOnStack(stack, { upstream: upstream.url })
    browser = await startChromium()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await service?.[Symbol.asyncDispose]()
    await upstream?.stop()
  })

  async function shareAttack() {
    const ann = await registerPerson(service.url)
    upstream.reset()
    upstream.play(...Array(2).fill({ text: [attack] }))
    const id = await ann.newConversation()
    await ann.json('POST', `/api/v1/conversations/${id}/messages`, { content: attack })
    const share = await ann.json<{ id: string; token: string }>(
      'POST',
      `/api/v1/conversations/${id}/shares`,
      {
        title,
        display_name: 'A. Nonymous',
      },
    )
    return { ann, share, path: `/s/${share.token}` }
  }

  async function registerOn(look: Look) {
    const visitor = await visit(browser, look)
    const email = `${crypto.randomUUID()}@example.com`
    const person = { email, password: 'correct horse 1', session: 'cookie' }
    const response = await visitor.context.request.post(`${service.url}/api/v1/auth/register`, {
      data: person,
    })
    expect(response.status()).toBe(201)
    await visitor.context.clearCookies()
    return { ...visitor, ...person }
  }

  for (const look of looksOn(stack)) {
    const t = { ...words[look.locale], ...own[look.locale] }
    const label = `${stack.name}-${look.locale}-${look.viewport.width}-${look.colorScheme}`

    test(`shows it safely to anybody, until it is withdrawn: ${label}`, async () => {
      const { ann, share, path } = await shareAttack()
      const { context, page } = await visit(browser, look)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.goto(service.url + path)
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await page.getByText(t.by).waitFor()
      await page.locator('.markdown b, .markdown strong').getByText('bold').waitFor()
      expect(await page.locator('.bubble').textContent()).toBe(attack)
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
      expect(await page.locator('.markdown img, .markdown [href^="javascript"]').count()).toBe(0)
      expect(await page.title()).toStartWith(title)
      expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([])
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(look.viewport.width)
      await checkAccessible(page)
      await shoot(page, `${label}-shared`)

      await ann.json('DELETE', `/api/v1/shares/${share.id}`)
      await page.reload()
      await page.getByRole('alert').getByText(t.gone).waitFor()
      expect(await page.getByRole('article').count()).toBe(0)
      await checkAccessible(page)
      await shoot(page, `${label}-withdrawn`)
      await context.close()
    })

    test(`goes on in a copy, after the log-in: ${label}`, async () => {
      const { path } = await shareAttack()
      const { context, page, email, password } = await registerOn(look)
      await page.goto(service.url + path)
      await page.getByRole('button', { name: t.copy }).click()
      await page.getByText(t.logInFirst).waitFor()
      await page.getByRole('textbox', { name: t.email }).fill(email)
      await page.getByLabel(t.password, { exact: true }).fill(password)
      await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
      await page.getByRole('button', { name: t.copy }).click()
      await page.waitForURL(/\/c\/[0-9a-f-]{36}$/)
      await page.getByRole('article').nth(1).waitFor()
      expect(await page.getByRole('article').count()).toBe(2)
      await page.getByRole('textbox', { name: t.message }).waitFor()
      await page.goBack()
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await context.close()
    })
  }
})
