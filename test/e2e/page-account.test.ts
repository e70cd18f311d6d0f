import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { startNginx } from '../support/nginx.ts'
import { ask, openHouse, words } from '../support/page-house.ts'
import { freePort } from '../support/ports.ts'
import { hasPrograms } from '../support/services.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const t = words['en-GB']

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describe('the page of somebody with an account', () => {
  test('asks for the log-in when the session was ended elsewhere, and goes on afterwards', async () => {
    await using house = await openHouse(browser, embeddedStack, looks[0])
    const { page, app } = house
    await page.goto(app.url)
    await ask(page, looks[0], 'hello')
    const answer = await house.nextAnswer('A title')
    answer.say('one')
    await page.getByText('one').waitFor()
    await page.getByRole('textbox', { name: t.message }).fill('half a tho')
    await house.endSession()
    await page.getByText(t.sessionEnded).waitFor()
    await shoot(page, 'session-ended')
    await checkAccessible(page)
    answer.say(' two')
    await page.getByRole('textbox', { name: t.email }).fill(house.email)
    await page.getByLabel(t.password, { exact: true }).fill(house.password)
    await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
    await page.getByText('one two').waitFor()
    answer.end()
    await page.getByRole('button', { name: t.send }).waitFor()
    expect(await page.getByRole('textbox', { name: t.message }).inputValue()).toBe('half a tho')
  })

  test('says that a conversation is not there, whoever has it, and begins another', async () => {
    await using house = await openHouse(browser, embeddedStack, looks[0])
    const { page, app } = house
    await page.goto(`${app.url}/c/0197a000-0000-7000-8000-000000000000`)
    await page.getByRole('alert').getByText(t.gone).waitFor()
    await shoot(page, 'gone')
    await ask(page, looks[0], 'hello')
    const answer = await house.nextAnswer('A title')
    answer.say('here')
    answer.end()
    await page.getByText('here').waitFor()
    expect(page.url()).not.toContain('0197a000-0000')
    expect((await fetch(`${app.url}/c/nonsense`)).status).toBe(404)
  })

  test('a refused question comes back into the field', async () => {
    await using house = await openHouse(browser, embeddedStack, looks[0], { MAX_MESSAGE_BYTES: '1024' })
    const { page, app } = house
    await page.goto(app.url)
    await ask(page, looks[0], 'x'.repeat(1025))
    await page.getByRole('alert').getByText(t.tooLong).waitFor()
    await page.waitForFunction(() => document.querySelector('textarea')?.value.length === 1025)
    expect(await page.getByRole('article').count()).toBe(0)
    await ask(page, looks[0], 'x')
    const answer = await house.nextAnswer('A title')
    answer.say('here')
    answer.end()
    await page.getByText('here').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('of a long conversation the end is shown, and the rest when it is wanted', async () => {
    await using house = await openHouse(browser, embeddedStack, looks[0])
    const { page, app } = house
    const id = await house.talkAbout(20)
    await page.goto(`${app.url}/c/${id}`)
    await page.getByText('Answer 20', { exact: true }).waitFor()
    expect(await page.getByRole('article').count()).toBe(30)
    await page.getByRole('button', { name: t.earlier }).scrollIntoViewIfNeeded()
    await page.getByText('Question 1', { exact: true }).waitFor()
    expect(await page.getByRole('article').count()).toBe(40)
    expect(await page.getByRole('button', { name: t.earlier }).count()).toBe(0)
    expect(house.complaints).toEqual([])
  })

  test.skipIf(!hasPrograms('nginx'))(
    'works below a path that a proxy takes away, and below one that it leaves',
    async () => {
      await using house = await openHouse(browser, embeddedStack, looks[0])
      const { page, app } = house
      const port = await freePort()
      const nginx = await startNginx(
        port,
        `server { listen 127.0.0.1:${port}; location /any/path/ { proxy_pass ${app.url}/; } location /cloudchat/ { proxy_pass ${app.url}; } }`,
      )
      const home = `http://127.0.0.1:${port}/any/path/`
      await page.goto(home)
      await ask(page, looks[0], 'hello')
      const answer = await house.nextAnswer('A title')
      answer.say('here')
      answer.end()
      await page.getByText('here').waitFor()
      expect(page.url()).toStartWith(`${home}c/`)
      await page.reload()
      await page.getByText('here').waitFor()
      await page.getByRole('button', { name: t.newChat }).click()
      expect(page.url()).toBe(home)
      await page.getByRole('link', { name: 'A title' }).click()
      await page.getByText('here').waitFor()
      await page.goto(`http://127.0.0.1:${port}/cloudchat/settings`)
      await page.getByRole('heading', { name: 'Settings' }).waitFor()
      await page.getByRole('link', { name: 'A title' }).click()
      await page.getByText('here').waitFor()
      expect(page.url()).toStartWith(`http://127.0.0.1:${port}/cloudchat/c/`)
      expect(house.complaints).toEqual([])
      await page.goto(`${home}c/no-such/thing`)
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
      await page.getByRole('link', { name: 'Back to the chat' }).click()
      await page.getByRole('textbox', { name: t.message }).waitFor()
      expect(page.url()).toBe(home)
      // In good order it would wait for the page.
      await nginx.kill()
    },
  )

  test('a visitor at the address of a conversation is asked to log in', async () => {
    await using app = await startBinaryOnStack(embeddedStack)
    const { page, context } = await visit(browser, looks[0])
    await page.goto(`${app.url}/c/0197a000-0000-7000-8000-000000000000`)
    await page.getByText('Log in to see this conversation.').waitFor()
    await context.close()
  })
})
