import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { answer, ask, type House, openHouse, words } from '../support/page-house.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { checkPage, looksOn, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const own = {
  'en-GB': { logInFirst: 'Log in to see this conversation.' },
  'zh-CN': { logInFirst: '请登录后查看该对话。' },
}

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describeOnStacks('the page of somebody with an account', (stack) => {
  for (const look of looksOn(stack)) {
    const t = { ...words[look.locale], ...own[look.locale] }
    const where = `${stack.name}-${look.locale}`
    let house: House

    beforeAll(async () => {
      house = await openHouse(browser, stack, look, { MAX_MESSAGE_BYTES: '1024' })
    })
    afterAll(() => house?.[Symbol.asyncDispose]())

    test(`asks for the log-in when the session was ended elsewhere, and goes on afterwards: ${where}`, async () => {
      const { page, app } = house
      await page.goto(app.url)
      await ask(page, look, 'hello')
      const first = await house.nextAnswer('A title')
      first.say('one')
      await page.getByText('one').waitFor()
      await page.getByRole('textbox', { name: t.message }).fill('half a tho')
      await house.endSession()
      await page.getByText(t.sessionEnded).waitFor()
      await checkPage(page, look, 'account-ended')
      first.say(' two')
      await page.getByRole('textbox', { name: t.email }).fill(house.email)
      await page.getByLabel(t.password, { exact: true }).fill(house.password)
      await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
      await page.getByText('one two').waitFor()
      first.end()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(await page.getByRole('textbox', { name: t.message }).inputValue()).toBe('half a tho')
    })

    test(`says that a conversation is not there, whoever has it, and begins another: ${where}`, async () => {
      const { page, app } = house
      await page.goto(`${app.url}/c/0197a000-0000-7000-8000-000000000000`)
      await page.getByRole('alert').getByText(t.gone).waitFor()
      await checkPage(page, look, 'account-gone')
      await ask(page, look, 'hello')
      await answer(house, look, 'here', 'A title')
      await page.getByText('here').waitFor()
      expect(page.url()).not.toContain('0197a000-0000')
      expect((await fetch(`${app.url}/c/nonsense`)).status).toBe(404)
    })

    test(`a refused question comes back into the field: ${where}`, async () => {
      const { page, app } = house
      await page.goto(app.url)
      await ask(page, look, 'x'.repeat(1025))
      await page.getByRole('alert').getByText(t.tooLong).waitFor()
      await page.waitForFunction(() => document.querySelector('textarea')?.value.length === 1025)
      expect(await page.getByRole('article').count()).toBe(0)
      await checkPage(page, look, 'account-refused')
      await ask(page, look, 'x')
      await answer(house, look, 'here', 'A title')
      await page.getByText('here').waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
    })

    test(`of a long conversation the end is shown, and the rest when it is wanted: ${where}`, async () => {
      const { page, app } = house
      const id = await house.talkAbout(20)
      await page.goto(`${app.url}/c/${id}`)
      await page.getByText('Answer 20', { exact: true }).waitFor()
      expect(await page.getByRole('article').count()).toBe(30)
      await page.getByRole('button', { name: t.earlier }).scrollIntoViewIfNeeded()
      await page.getByText('Question 1', { exact: true }).waitFor()
      expect(await page.getByRole('article').count()).toBe(40)
      expect(await page.getByRole('button', { name: t.earlier }).count()).toBe(0)
    })

    test(`a visitor at the address of a conversation is asked to log in: ${where}`, async () => {
      const { context, page } = await visit(browser, look)
      await page.goto(`${house.app.url}/c/0197a000-0000-7000-8000-000000000000`)
      await page.getByText(t.logInFirst).waitFor()
      await checkPage(page, look, 'account-visitor')
      await context.close()
    })
  }
})
