import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { ask, openHouse, words } from '../support/page-house.ts'
import { richAnswer } from '../support/rich-answer.ts'
import { lastAnswer, waitForEnd } from '../support/shown-answer.ts'
import { embeddedStack } from '../support/stacks.ts'
import { type Look, looks, shoot } from '../support/web-page.ts'

setDefaultTimeout(120_000)

/** Together ten thousand tokens. */
const parts = Array.from({ length: 18 }, (_, at) => `\n\n## Part ${at + 1}.\n\n${richAnswer}`)
const toEnd = { 'en-GB': 'To the newest', 'zh-CN': '跳到最新' }

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

for (const look of looks) {
  test(`an answer of ten thousand tokens is followed, left, found again and stopped: ${look.locale}`, async () => {
    await using house = await openHouse(browser, embeddedStack, look)
    const t = words[look.locale]
    const { page, app } = house
    const newest = page.getByRole('button', { name: toEnd[look.locale] })
    const heading = (text: string) => lastAnswer(page).getByRole('heading', { name: text, exact: true })
    await page.goto(app.url)
    await ask(page, look, 'Tell me all')
    const answer = await house.nextAnswer('All of it')
    const say = async (at: number, { say } = answer) => {
      for (const piece of parts[at]?.match(/[\s\S]{1,60}/g) ?? []) say(piece)
      await heading(`Part ${at + 1}.`).waitFor({ state: 'attached' })
    }

    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      await say(at)
      await isAtEnd(page)
    }
    // Who goes up a little to read is left there.
    await scrollUp(page, look)
    await newest.waitFor()
    for (const at of [9, 10]) await say(at)
    expect(await heading('Part 11.').evaluate(isInSight)).toBe(false)
    await newest.click()
    await isAtEnd(page)
    for (const at of parts.keys()) {
      if (at > 10) await say(at)
    }
    answer.say('\n\nThat is all.')
    await page.getByText('That is all.').waitFor()
    answer.end()
    await page.getByRole('button', { name: t.send }).waitFor()
    await isAtEnd(page)
    await page.waitForFunction(() => document.querySelector('.markdown .source') === null)
    await isAtEnd(page)
    expect(await page.getByText('That is all.').evaluate(isInSight)).toBe(true)
    const drawn = await lastAnswer(page).evaluate((all) => ({
      headings: [...all.querySelectorAll('h3')].map(({ textContent }) => textContent),
      codes: all.querySelectorAll('figure .hljs-keyword').length > 0,
      tables: all.querySelectorAll('table').length,
    }))
    expect(drawn.tables).toBe(parts.length)
    expect(drawn.headings.filter((text) => text?.startsWith('Part'))).toEqual(
      parts.map((_, at) => `Part ${at + 1}.`),
    )
    await shoot(page, `long-answer-${look.locale}`)

    await ask(page, look, 'And again')
    const second = await house.nextAnswer()
    for (const at of [0, 1, 2]) await say(at, second)
    await isAtEnd(page)
    await page.getByRole('button', { name: t.stop }).click()
    await page.getByText(t.stopped).waitFor()
    await second.left
    await waitForEnd(page)
    expect(await heading('Part 3.').count()).toBe(1)
    await isAtEnd(page)
    expect(house.complaints).toEqual([])
  })
}

async function isAtEnd(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const log = document.querySelector('[role=log]')
    return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < 2
  })
}

/** By finger or by wheel, as a person does it. */
async function scrollUp(page: Page, { hasTouch }: Look): Promise<void> {
  if (!hasTouch) {
    await page.mouse.move(600, 400)
    await page.mouse.wheel(0, -60)
    return
  }
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...ys: number[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: ys.map((y) => ({ x: 200, y })) })
  await touch('touchStart', 200)
  for (let y = 210; y <= 270; y += 10) await touch('touchMove', y)
  await touch('touchEnd')
  await session.detach()
}

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}
