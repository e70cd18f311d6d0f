import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { longTalk } from '../support/long-talk.ts'
import { openHouse, words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { looks, shoot } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const [, look] = looks
const t = words[look.locale]
const count = 2000

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

test('up through a long conversation every message comes once and in order, and nothing jumps', async () => {
  await using house = await openHouse(browser, embeddedStack, look)
  const { page, app, context } = house
  const imported = await context.request.post(`${app.url}/api/v1/import`, {
    data: longTalk('The long one', count),
  })
  expect(imported.ok()).toBe(true)
  const { items } = await (await context.request.get(`${app.url}/api/v1/conversations`)).json()

  // Earlier messages come when they are let through.
  const gate = { open: () => {}, isOpen: false }
  const asked: (() => void)[] = []
  await page.route(/\/messages\?.*cursor=/, async (route) => {
    if (!gate.isOpen) {
      const opened = new Promise<void>((resolve) => {
        gate.open = resolve
      })
      asked.shift()?.()
      await opened
    }
    await route.continue()
  })
  const nextAsked = () => new Promise<void>((resolve) => asked.push(resolve))

  let reading = nextAsked()
  await page.goto(`${app.url}/c/${items[0].id}`)
  await page.getByText(`Answer ${count}`).waitFor()
  expect(await page.getByText(`Answer ${count}`).evaluate(isInSight)).toBe(true)
  for (let round = 0; round < 3; round++) {
    await scrollTo(page, 300)
    await reading
    await settled(page)
    const before = await placeInSight(page)
    const shown = await page.getByRole('article').count()
    reading = nextAsked()
    gate.open()
    await page.waitForFunction((known) => document.querySelectorAll('article').length > known, shown)
    await settled(page)
    const top = await page.locator(`[id="${before.id}"]`).evaluate((one) => one.getBoundingClientRect().top)
    expect(Math.abs(top - before.top)).toBeLessThan(2)
  }
  gate.isOpen = true
  gate.open()
  await shoot(page, `long-talk-${look.locale}-${look.viewport.width}`)

  const earlier = page.getByRole('button', { name: t.earlier })
  while ((await earlier.count()) > 0) {
    const shown = await page.getByRole('article').count()
    await scrollTo(page, 0)
    await page.waitForFunction((known) => document.querySelectorAll('article').length > known, shown)
  }
  const numbers = await page
    .getByRole('article')
    .evaluateAll((all) =>
      all.map((one) => Number(/(?:Question|Answer) (\d+)/.exec(one.textContent ?? '')?.[1])),
    )
  expect(numbers).toEqual(Array.from({ length: count }, (_, at) => at + 1))
  await scrollTo(page, 0)
  await page.waitForFunction(() => {
    const first = document.querySelector('article')?.getBoundingClientRect()
    return first !== undefined && first.top >= 0 && first.bottom <= innerHeight
  })

  // The browser's own search finds what is far away.
  const isFound = await page.evaluate(() =>
    (window as unknown as { find: (text: string) => boolean }).find('Question 901'),
  )
  expect(isFound).toBe(true)
  expect(house.complaints).toEqual([])
})

async function scrollTo(page: Page, top: number): Promise<void> {
  await page.getByRole('log').evaluate((element, wanted) => {
    element.scrollTop = wanted
  }, top)
}

/** What has come into sight is drawn as it is. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

/** Of the message in the middle. */
async function placeInSight(page: Page): Promise<{ id: string; top: number }> {
  return page.getByRole('log').evaluate((log) => {
    const middle = log.getBoundingClientRect().top + log.clientHeight / 2
    for (const one of log.querySelectorAll('article')) {
      const { top, bottom } = one.getBoundingClientRect()
      if (bottom > middle) return { id: one.id, top }
    }
    throw new Error('nothing is in sight')
  })
}

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}
