import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const words = {
  'en-GB': {
    account: /^Account/,
    dashboard: 'Dashboard',
    sidebar: 'Show the sidebar',
    calls: 'Calls',
    money: 'Money',
    threeCalls: /^3 calls/,
    model: 'Model',
    error: 'Load again',
    byDay: 'Calls by day',
    byHour: 'Calls by hour of the day',
    asTable: 'As a table',
    range: 'Time',
    left: /^\d of 50$/,
    records: 'Recent records',
    kind: 'What for',
    turn: 'Conversation',
    image: 'Picture',
    none: 'Nothing has been asked yet.',
    csv: 'Download as CSV',
  },
  'zh-CN': {
    account: /^账号/,
    dashboard: '概览',
    sidebar: '显示侧栏',
    calls: '调用次数',
    money: '金额',
    threeCalls: /^3 次调用/,
    model: '模型',
    error: '重新加载',
    byDay: '调用次数（每日）',
    byHour: '调用次数（各时段）',
    asTable: '以表格显示',
    range: '时间范围',
    left: /^\d \/ 50$/,
    records: '最近记录',
    kind: '用途',
    turn: '对话',
    image: '图片',
    none: '还没有记录。',
    csv: '下载 CSV',
  },
}

let browser: Browser
let app: BinaryOnStack

beforeAll(async () => {
  browser = await startChromium()
  app = await startBinaryOnStack(embeddedStack, { env: { DEFAULT_PLAN: 'free' } })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
})

describe('the dashboard', () => {
  for (const look of looks) {
    test(`shows what the ledger says; ${look.locale}`, async () => {
      const t = words[look.locale]
      const { context, page, complaints } = await visit(browser, look)
      const { request } = context
      // As the page itself does after a log-in.
      await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
      const post = async (path: string, data: object) => {
        const response = await request.post(app.url + path, { data })
        if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`)
        return response.json()
      }
      const email = `${look.locale}@example.com`
      await post('/api/v1/auth/register', { email, password: 'vexing-7 quince', session: 'cookie' })
      const { id } = await post('/api/v1/conversations', { title: 'Named' })
      for (const content of ['One', 'Two', 'Three']) {
        await post(`/api/v1/conversations/${id}/messages`, { content })
      }
      const summary = await (await request.get(`${app.url}/api/v1/usage/summary`)).json()
      expect(summary.today.calls).toBe(3)

      await page.goto(app.url)
      const sidebar = page.getByRole('button', { name: t.sidebar })
      const account = page.getByRole('button', { name: t.account })
      await sidebar.or(account).first().waitFor()
      if (await sidebar.isVisible()) await sidebar.click()
      await account.click()
      await page.getByRole('menuitem', { name: t.dashboard }).click()
      await page.waitForURL(/\/dashboard$/)
      const figures = page.locator('.totals .figure')
      await figures.first().waitFor()
      const tokens = summary.total.total_tokens.toLocaleString(look.locale)
      expect(await figures.allTextContents()).toEqual(Array(4).fill(tokens))
      await page.getByRole('button', { name: t.money }).click()
      expect(await figures.allTextContents()).toEqual(Array(4).fill('$0'))
      await page.getByRole('button', { name: t.calls }).click()
      expect(await figures.allTextContents()).toEqual(Array(4).fill('3'))
      await page.getByText(t.left).first().waitFor()

      const byDay = page.getByRole('region', { name: t.byDay })
      await byDay.getByText(t.asTable).click()
      expect(await byDay.getByRole('row').count()).toBe(31)
      expect(await byDay.getByRole('row').last().getByRole('cell').textContent()).toBe('3')
      await byDay.getByText(t.asTable).click()
      // Today is the last column, and says how many when it is pointed at, or was touched.
      const columns = byDay.locator('.chart-columns')
      const width = await columns.evaluate(({ clientWidth }) => clientWidth)
      await columns.click({ position: { x: width - 2, y: 20 } })
      await byDay.locator('.chart-head').getByText(/: 3$/).waitFor()
      await page.getByRole('main').getByText(t.threeCalls).first().waitFor()
      await page.getByLabel(t.range).selectOption('90')
      await page.waitForFunction(() => document.querySelectorAll('.chart-column').length === 90 + 24)
      await page.getByLabel(t.range).selectOption('7')
      await page.waitForFunction(() => document.querySelectorAll('.chart-column').length === 7 + 24)
      expect(await page.getByRole('region', { name: t.byHour }).getByRole('img').count()).toBe(1)

      const records = page.getByRole('region', { name: t.records })
      const rows = records.getByRole('row').getByText(t.turn)
      await rows.first().waitFor()
      expect(await rows.count()).toBe(3)
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: t.csv }).click()
      const lines = (await Bun.file(await (await download).path()).text()).trim().split('\r\n')
      expect(lines).toHaveLength(4)
      await page.getByLabel(t.kind).selectOption({ label: t.image })
      await records.getByText(t.none).waitFor()
      await page.getByLabel(t.kind).selectOption({ label: t.turn })
      await rows.first().waitFor()
      await page.getByLabel(t.model, { exact: true }).selectOption({ index: 1 })
      await rows.first().waitFor()
      expect(await page.getByLabel(t.model, { exact: true }).inputValue()).not.toBe('')

      await checkAccessible(page)
      const beyond = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)
      expect(beyond).toBe(0)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 0))
      await shoot(page, `dashboard-${look.locale}`)
      expect(complaints).toEqual([])
      // What nobody has thought of.
      await page.route('**/api/v1/usage/summary', (route) => route.fulfill({ json: {} }))
      await page.reload()
      await page.getByRole('alert').getByRole('button', { name: t.error }).waitFor()
      await checkAccessible(page)
      complaints.length = 0
      await context.close()
    })
  }
})
