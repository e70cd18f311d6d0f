import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { startNginx } from '../support/nginx.ts'
import { answer, ask, openHouse, showList, words } from '../support/page-house.ts'
import { freePort } from '../support/ports.ts'
import { hasPrograms } from '../support/services.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { checkPage, looksOn } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const own = {
  'en-GB': {
    settings: 'Settings',
    dashboard: 'Dashboard',
    admin: 'Administration',
    users: 'Users',
    plans: 'Plans',
    nothing: 'There is nothing here',
    back: 'Back to the chat',
  },
  'zh-CN': {
    settings: '设置',
    dashboard: '概览',
    admin: '管理',
    users: '用户',
    plans: '套餐',
    nothing: '这里什么也没有',
    back: '返回对话',
  },
}

const administrator = { identifier: 'root@example.com', password: 'vexing-7 quince' }

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describeOnStacks('the page behind a proxy', (stack) => {
  for (const look of looksOn(stack)) {
    const t = { ...words[look.locale], ...own[look.locale] }

    test.skipIf(!hasPrograms('nginx'))(
      `works below a path that is taken away, and below one that is left: ${look.locale}`,
      async () => {
        await using house = await openHouse(browser, stack, look, {
          ADMIN_EMAIL: administrator.identifier,
          ADMIN_PASSWORD: administrator.password,
        })
        const { page, app, context } = house
        const port = await freePort()
        const nginx = await startNginx(
          port,
          `server { listen 127.0.0.1:${port}; location /any/path/ { proxy_pass ${app.url}/; } location /cloudchat/ { proxy_pass ${app.url}; } }`,
        )
        const origin = `http://127.0.0.1:${port}/`
        const [taken, left] = [`${origin}any/path/`, `${origin}cloudchat/`]
        const outside: string[] = []
        page.on('request', (request) => {
          const url = request.url()
          if (url.startsWith(origin) && ![taken, left].some((home) => url.startsWith(home))) outside.push(url)
        })
        const heading = (name: string) => page.getByRole('heading', { name, exact: true }).first()
        const openTitle = async () => {
          await showList(page, look)
          await page.getByRole('link', { name: 'A title' }).click()
          await page.getByText('here').waitFor()
        }

        await page.goto(taken)
        await ask(page, look, 'hello')
        await answer(house, look, 'here', 'A title')
        await page.getByText('here').waitFor()
        expect(page.url()).toStartWith(`${taken}c/`)
        const id = page.url().split('/').at(-1)
        await page.reload()
        await page.getByText('here').waitFor()
        await page.getByRole('button', { name: t.newChat }).click()
        expect(page.url()).toBe(taken)
        await openTitle()
        await page.goto(`${left}settings`)
        await heading(t.settings).waitFor()
        await openTitle()
        expect(page.url()).toStartWith(`${left}c/`)

        const shared = await context.request.post(`${app.url}/api/v1/conversations/${id}/shares`, {
          data: {},
        })
        const { token } = await shared.json()
        for (const home of [taken, left]) {
          await page.goto(`${home}dashboard`)
          await heading(t.dashboard).waitFor()
          await page.locator('.totals .figure').first().waitFor()
          await page.goto(`${home}s/${token}`)
          await page.getByRole('article').getByText('here').waitFor()
        }
        await page.goto(`${taken}c/no-such/thing`)
        await heading(t.nothing).waitFor()
        await checkPage(page, look, 'prefix-nothing')
        await page.getByRole('link', { name: t.back }).click()
        await page.getByRole('textbox', { name: t.message }).waitFor()
        expect(page.url()).toBe(taken)

        await context.clearCookies()
        for (const home of [taken, left]) {
          await page.goto(`${home}login`)
          await page.getByRole('textbox', { name: t.email }).fill(administrator.identifier)
          await page.getByLabel(t.password, { exact: true }).fill(administrator.password)
          await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
          await page.getByRole('textbox', { name: t.message }).waitFor()
          expect(page.url()).toBe(home)
          await page.goto(`${home}admin`)
          await heading(t.admin).waitFor()
          await page.getByRole('main').getByRole('link', { name: t.users, exact: true }).click()
          await page.getByText(house.email).waitFor()
          expect(page.url()).toBe(`${home}admin/users`)
          await page.goto(`${home}admin/plans`)
          await heading(t.plans).waitFor()
        }
        expect(outside).toEqual([])
        // In good order it would wait for the page.
        await nginx.kill()
      },
    )
  }
})
