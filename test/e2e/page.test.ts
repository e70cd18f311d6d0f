import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { logOut } from '../support/page-house.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import type { Script } from '../support/upstream-scripts.ts'
import { answerText, checkAccessible, looksOn, shoot, visit } from '../support/web-page.ts'

const words = {
  'en-GB': {
    email: 'E-mail',
    password: 'Password',
    message: 'Message',
    send: 'Send',
    stop: 'Stop',
    newChat: 'New chat',
    register: 'Register',
    logIn: 'Log in',
    stopped: 'Stopped.',
    options: 'Instructions and parameters',
    showInput: 'Show what is written',
    wrong: 'The name or the password is not right.',
  },
  'zh-CN': {
    email: '邮箱',
    password: '密码',
    message: '消息',
    send: '发送',
    stop: '停止',
    newChat: '新对话',
    register: '注册',
    logIn: '登录',
    stopped: '已停止。',
    options: '指令与参数',
    showInput: '显示输入的内容',
    wrong: '账号或密码不正确。',
  },
}

function answerOrTitle(body: Record<string, unknown>): Script {
  const isForTitle = JSON.stringify(body.messages).includes('<message>')
  return isForTitle ? { text: ['About this'] } : { tokens: 40, delayMs: 5 }
}

describeOnStacks('the page', (stack) => {
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

  beforeEach(() => upstream.reset())

  for (const look of looksOn(stack)) {
    const t = words[look.locale]
    const label = `${stack.name}-${look.locale}-${look.viewport.width}-${look.colorScheme}`

    test(`register, chat, reload, log out, log in: ${label}`, async () => {
      const { context, page, complaints } = await visit(browser, look)
      // One of the three names the conversation, whichever comes first.
      upstream.play(...Array(3).fill(answerOrTitle))
      await page.goto(service.url)
      await shoot(page, `${label}-greeting`)
      await checkAccessible(page)

      await page.getByRole('link', { name: t.register }).click()
      expect(await page.title()).toBe(`${t.register} · CloudChat`)
      await shoot(page, `${label}-register`)
      await checkAccessible(page)
      const email = `${label}@example.com`.toLowerCase()
      await page.getByRole('textbox', { name: t.email }).fill(email)
      await page.getByLabel(t.password, { exact: true }).fill('correct horse 1')
      await page.getByRole('button', { name: t.register }).click()
      await page.getByRole('button', { name: t.options }).waitFor()

      await page.getByRole('textbox', { name: t.message }).fill('What is **this**?')
      await page.getByRole('button', { name: t.send }).click()
      await page.getByRole('button', { name: t.stop }).waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      const answer = await answerText(page)
      expect(answer.length).toBeGreaterThan(40)
      expect(page.url()).toStartWith(`${service.url}/c/`)
      await page.waitForFunction(() => document.title.startsWith('About this'))
      await checkAccessible(page)

      await page.reload()
      await page.getByText('What is **this**?').waitFor()
      expect(await answerText(page)).toBe(answer)
      await page.getByRole('button', { name: t.options }).waitFor()

      await page.getByRole('textbox', { name: t.message }).fill('And then?')
      if (look.hasTouch) await page.getByRole('button', { name: t.send }).click()
      else await page.keyboard.press('Enter')
      await page.getByText('And then?').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      const asked = upstream.requests.at(-1)?.body as { messages: { role: string }[] }
      expect(asked.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
      await shoot(page, `${label}-chat`)

      await page.getByRole('button', { name: t.newChat }).click()
      expect(await page.getByRole('article').count()).toBe(0)
      await logOut(page, look)
      await page.getByRole('link', { name: t.logIn }).click()
      await page.getByRole('textbox', { name: t.email }).fill(email)
      await page.getByLabel(t.password, { exact: true }).fill('correct horse 2')
      await page.getByRole('button', { name: t.logIn }).click()
      await page.getByRole('alert').getByText(t.wrong).waitFor()
      await shoot(page, `${label}-refused`)
      complaints.length = 0 // The browser itself complains about the 401.
      const secret = page.getByLabel(t.password, { exact: true })
      expect(await secret.getAttribute('type')).toBe('password')
      await page.getByRole('button', { name: t.showInput }).click()
      expect([await secret.getAttribute('type'), await secret.inputValue()]).toEqual([
        'text',
        'correct horse 2',
      ])
      await page.getByLabel(t.password, { exact: true }).fill('correct horse 1')
      await page.getByRole('button', { name: t.logIn }).click()
      await page.getByRole('button', { name: t.options }).waitFor()
      expect(complaints).toEqual([])
      await context.close()
    }, 60_000)

    test(`stop keeps what arrived: ${label}`, async () => {
      const { context, page, complaints } = await visit(browser, look)
      upstream.play({ end: 'hang' })
      await page.goto(service.url)
      await page.getByRole('textbox', { name: t.message }).fill('Tell me a long story')
      await page.getByRole('button', { name: t.send }).click()
      await page.waitForFunction(() => (document.querySelector('.markdown')?.textContent ?? '') !== '')
      const closed = upstream.requests.at(-1)?.closed
      await page.getByRole('button', { name: t.stop }).click()
      await page.getByText(t.stopped).waitFor()
      expect(await closed).toBe('left')
      expect((await answerText(page)).length).toBeGreaterThan(0)
      expect(complaints).toEqual([])
      await context.close()
    }, 60_000)

    test(`works in a browser that keeps nothing: ${label}`, async () => {
      const { context, page, complaints } = await visit(browser, look)
      await context.addInitScript(() => {
        for (const name of ['localStorage', 'sessionStorage']) {
          const get = () => {
            throw new DOMException('Access is denied', 'SecurityError')
          }
          Object.defineProperty(window, name, { get })
        }
      })
      await page.goto(service.url)
      await page.getByRole('textbox', { name: t.message }).fill('Hello')
      await page.getByRole('button', { name: t.send }).click()
      await page.getByRole('article').nth(1).waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(complaints).toEqual([])
      await context.close()
    }, 60_000)

    test(`a model cannot run scripts or load pictures: ${label}`, async () => {
      const { context, page } = await visit(browser, look)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      upstream.play({
        text: [
          '<img src=x onerror="window.hacked=1"> ![picture](https://tracker.example/p.png) ',
          '[link](javascript:window.hacked=1) <script>window.hacked=1</script> <b style="position:fixed">bold</b> end',
        ],
      })
      await page.goto(service.url)
      await page.getByRole('textbox', { name: t.message }).fill('Attack')
      await page.getByRole('button', { name: t.send }).click()
      await page.getByText('end', { exact: false }).waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
      expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([])
      expect(await page.locator('.markdown img, .markdown script, .markdown [style]').count()).toBe(0)
      expect(await page.locator('.markdown a[href^="javascript"]').count()).toBe(0)
      await context.close()
    }, 60_000)
  }
})
