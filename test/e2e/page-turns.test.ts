import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { startCuttingProxy } from '../support/cutting-proxy.ts'
import { networkOf } from '../support/network-of.ts'
import { ask, type House, openHouse, showList, words } from '../support/page-house.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { answerText, checkAccessible, checkPage, looksOn, shoot } from '../support/web-page.ts'

setDefaultTimeout(60_000)

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describeOnStacks('the page of somebody with an account', (stack) => {
  for (const look of looksOn(stack)) {
    const t = words[look.locale]
    const label = `${stack.name}-${look.locale}-${look.viewport.width}-${look.colorScheme}`

    test(`reloads in the middle of an answer and shows the whole: ${label}`, async () => {
      await using house = await openHouse(browser, stack, look)
      const { page, app } = house
      await page.goto(app.url)
      await ask(page, look, 'What is **this**?')
      const answer = await house.nextAnswer('About this')
      answer.say('The **first** half,')
      await page.getByText('first half,').waitFor()
      expect(page.url()).toMatch(/\/c\/[0-9a-f-]{36}$/)
      await page.waitForFunction(() => document.title === 'About this · CloudChat')

      await page.reload()
      await page.getByText('first half,').waitFor()
      await page.getByRole('button', { name: t.stop }).waitFor()
      await shoot(page, `${label}-writing`)
      await checkAccessible(page)
      answer.say(' and the second.')
      answer.end()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect((await answerText(page)).trim()).toBe('The first half, and the second.')

      await page.reload()
      await page.getByText('and the second.').waitFor()
      expect(await page.getByRole('article').count()).toBe(2)
      expect(house.complaints).toEqual([])

      const title = '一个很长的标题'.repeat(12)
      await house.context.request.post(`${app.url}/api/v1/conversations`, { data: { title } })
      await page.getByRole('button', { name: t.newChat }).click()
      await showList(page, look)
      await page.getByRole('link', { name: title }).waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(look.viewport.width)
      await shoot(page, `${label}-list`)
      await checkAccessible(page)
      await page.getByRole('link', { name: 'About this' }).click()
      await page.getByText('and the second.').waitFor()
      await page.goBack()
      await page.waitForFunction(() => document.querySelectorAll('article').length === 0)
    })

    test(`is stopped from another window, and goes on from there: ${label}`, async () => {
      await using house = await openHouse(browser, stack, look)
      const { page } = house
      await page.goto(house.app.url)
      await ask(page, look, 'First')
      const first = await house.nextAnswer('A title')
      first.say('One.')
      first.end()
      await page.getByRole('button', { name: t.send }).waitFor()
      const other = await house.context.newPage()
      await other.goto(page.url())
      await other.getByText('One.').waitFor()

      await ask(page, look, 'Second')
      const second = await house.nextAnswer()
      second.say(`${'A line.\n\n'.repeat(60)}Two, `)
      await other.getByText('Second').waitFor()
      await other.getByText('Two,').waitFor()
      await other.getByRole('button', { name: t.stop }).click()
      for (const window of [page, other]) await window.getByText(t.stopped).waitFor()
      await second.left
      await shoot(page, `${label}-stopped`)
      await checkAccessible(page)

      await page.getByRole('button', { name: t.goOn }).click()
      const third = await house.nextAnswer()
      third.say('and three.')
      for (const window of [page, other]) {
        await window.getByText('Two, and three.').waitFor()
        // Who looked at its end still does.
        await window.waitForFunction(isEndInSight)
      }
      third.end()
      for (const window of [page, other]) {
        await window.getByRole('button', { name: t.send }).waitFor()
        expect((await answerText(window)).trim()).toEndWith('Two, and three.')
        expect(await window.getByRole('article').count()).toBe(4)
        expect(await window.evaluate(isEndInSight)).toBe(true)
      }

      // Another device makes a conversation and deletes it, and then the one that is shown.
      const path = `${house.app.url}/api/v1/conversations`
      const { request } = house.context
      const made = await (await request.post(path, { data: { title: 'Made elsewhere' } })).json()
      await showList(page, look)
      await page.getByRole('link', { name: 'Made elsewhere' }).waitFor()
      await request.delete(`${path}/${made.id}`)
      await page.getByRole('link', { name: 'Made elsewhere' }).waitFor({ state: 'detached' })
      expect(house.complaints).toEqual([])
      await request.delete(`${path}/${page.url().split('/').at(-1)}`)
      await page.getByRole('link', { name: 'A title' }).waitFor({ state: 'detached' })
      for (const window of [page, other]) await window.getByText(t.gone).waitFor()
    })

    test(`survives kill -9 of the server: what was kept is shown, and can be continued: ${label}`, async () => {
      await using house = await openHouse(browser, stack, look)
      const { page, app } = house
      await page.goto(app.url)
      await ask(page, look, 'hello')
      const answer = await house.nextAnswer('A title')
      answer.say('kept')
      await page.getByText('kept').waitFor()
      // What is said is stored every two seconds.
      await Bun.sleep(2500)

      await app.binary.kill()
      await page.getByText(t.reconnecting).waitFor()
      await shoot(page, `${label}-reconnecting`)
      await checkAccessible(page)
      await app.binary.start()
      // The page asks every 15 seconds at the latest; the server may be sure of its own death as late as that.
      await page.getByText(t.interrupted).waitFor({ timeout: 40_000 })
      await shoot(page, `${label}-interrupted`)
      await checkAccessible(page)
      expect((await answerText(page)).trim()).toBe('kept')
      await page.getByRole('button', { name: t.goOn }).click()
      const second = await house.nextAnswer()
      second.say(' and continued')
      second.end()
      await page.getByText('kept and continued').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(await page.getByText(t.interrupted).count()).toBe(0)
    })

    test(`survives a restart in good order: the answer is finished, and the next question waits: ${label}`, async () => {
      await using house = await openHouse(browser, stack, look)
      const { page, app } = house
      await page.goto(app.url)
      await ask(page, look, 'hello')
      const answer = await house.nextAnswer('A title')
      answer.say('to ')
      await page.getByText('to', { exact: true }).waitFor()
      const ended = app.binary.ended()
      process.kill(app.binary.pid, 'SIGTERM')
      while (!app.binary.output().includes('stopping')) await Bun.sleep(10)
      answer.say('the end')
      answer.end()
      await page.getByText('to the end').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(await ended).toBe(0)

      await ask(page, look, 'and now?')
      await page.getByText(t.reconnecting).waitFor()
      await app.binary.start()
      const second = await house.nextAnswer()
      second.say('up again')
      second.end()
      await page.getByText('up again').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      await page.reload()
      await page.getByText('up again').waitFor()
      expect(await page.getByRole('article').count()).toBe(4)
    })
  }
})

describeOnStacks('the page of somebody with an account, without a network', (stack) => {
  for (const look of looksOn(stack)) {
    const t = words[look.locale]
    let house: House

    beforeAll(async () => {
      house = await openHouse(browser, stack, look)
    })
    afterAll(() => house?.[Symbol.asyncDispose]())

    test(`goes on where it was when the network is back: ${look.locale}`, async () => {
      const { page, app } = house
      const network = await networkOf(house)
      // A browser that is told to be offline keeps the connections that it has.
      const proxy = await startCuttingProxy(app.binary.port)
      await page.goto(`http://127.0.0.1:${proxy.port}`)
      await ask(page, look, 'hello')
      const answer = await house.nextAnswer('A title')
      answer.say('one')
      await page.getByText('one').waitFor()
      await network.cut()
      proxy.cutAfter(' two')
      answer.say(' two')
      await page.getByText(t.reconnecting).waitFor()
      await page.getByText(t.offline).waitFor()
      await checkPage(page, look, 'turns-offline')
      answer.say(' three')
      await network.restore()
      await page.getByText('one two three').waitFor()
      await page.getByText(t.online).waitFor()
      expect(await page.getByText(t.offline).count()).toBe(0)
      expect(await page.getByText(t.reconnecting).count()).toBe(0)
      await checkPage(page, look, 'turns-online')

      proxy.cutAfter(' four')
      answer.say(' four')
      answer.say(' five')
      answer.end()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect((await answerText(page)).trim()).toBe('one two three four five')
      expect(proxy.cuts()).toBeGreaterThanOrEqual(2)
      proxy.stop()
    })

    test(`a question waits for the network and is asked once, or comes back into the field: ${look.locale}`, async () => {
      const { page, app } = house
      const network = await networkOf(house)
      await page.goto(app.url)
      await network.cut()
      await ask(page, look, 'given up')
      await page.getByText(t.reconnecting).waitFor()
      await page.getByRole('button', { name: t.stop }).click()
      const field = page.getByRole('textbox', { name: t.message })
      await page.waitForFunction(() => document.querySelector('textarea')?.value === 'given up')
      expect(await page.getByRole('article').count()).toBe(0)

      await field.fill('asked once')
      await page.getByRole('button', { name: t.send }).click()
      await page.getByText(t.reconnecting).waitFor()
      await network.restore()
      const answer = await house.nextAnswer('A title')
      answer.say('here')
      answer.end()
      await page.getByText('here').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect(await field.inputValue()).toBe('')
      await page.reload()
      await page.getByText('here').waitFor()
      expect(await page.getByRole('article').count()).toBe(2)
    })

    test(`a question that was being sent when the page was closed is in the field again: ${look.locale}`, async () => {
      const { page, app } = house
      const network = await networkOf(house)
      await page.goto(app.url)
      await network.cut()
      await ask(page, look, 'not lost')
      await page.getByText(t.reconnecting).waitFor()
      await app.binary.stop()
      await network.restore()
      await app.binary.start()
      await page.reload()
      await page.waitForFunction(() => document.querySelector('textarea')?.value === 'not lost')
    })

    // The clock stays as it is then: nothing else comes after it.
    test(`a device that has slept asks anew as soon as its page is shown: ${look.locale}`, async () => {
      const { page, app } = house
      await page.clock.install()
      await page.goto(app.url)
      await ask(page, look, 'hello')
      const answer = await house.nextAnswer('A title')
      answer.say('one')
      await page.getByText('one').waitFor()
      // Its clock jumps, and stands still from there on: nothing is asked because some time has passed.
      await page.clock.pauseAt(Date.now() + 15_000)
      const resumed = page.waitForRequest(/\/turns\/[^/]+\/events/)
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
      await resumed
      await page.clock.resume()
      answer.say(' two')
      answer.end()
      await page.getByText('one two').waitFor()
      await page.getByRole('button', { name: t.send }).waitFor()
      expect((await answerText(page)).trim()).toBe('one two')
    })
  }
})

function isEndInSight(): boolean {
  const scroller = document.querySelector('.messages')
  return scroller !== null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80
}
