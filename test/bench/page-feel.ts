import type { Browser, Page } from 'playwright-core'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { longTalk } from '../support/long-talk.ts'
import { richAnswer } from '../support/rich-answer.ts'
import { embeddedStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Figure, quantile } from './figure.ts'
import { tokensOf } from './long-answer.ts'
import { tasksOf } from './main-thread.ts'
import { pageOfPerson } from './open-page.ts'

const letters = 150
const messages = 2000

/**
 * How long a letter takes until it is seen while an answer of 10,000 tokens comes, as the browser itself tells it
 * (beside the same while nothing comes); and the longest that scrolling through 2,000 messages keeps the page busy.
 */
export async function pageFeel(): Promise<Figure[]> {
  const upstream = startUpstream({ record: false })
  await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
  const browser = await startChromium()
  const { quiet, busy } = await writeLetters(browser, app.url, () =>
    upstream.play({ text: tokensOf(richAnswer), delayMs: 2 }),
  )
  const scrolling = await scrollThrough(browser, app.url)
  await browser.close()
  await upstream.stop()
  const letter = (what: string, share: number): Figure => ({
    what: `a letter until it is seen while an answer comes, ${what}`,
    measured: quantile(busy, share),
    unit: 'ms',
    reference: { what: 'while none comes', measured: quantile(quiet, share) },
    goal: { is: 'at most', limit: 50, of: 'value' },
  })
  return [
    letter('p50', 0.5),
    letter('p95', 0.95),
    {
      what: `longest task, scrolling through ${messages.toLocaleString('en')} messages`,
      measured: Math.max(...scrolling),
      unit: 'ms',
      goal: { is: 'at most', limit: 50, of: 'value' },
    },
  ]
}

async function writeLetters(
  browser: Browser,
  url: string,
  answerNext: () => void,
): Promise<{ quiet: number[]; busy: number[] }> {
  const { context, page } = await pageOfPerson(browser, url)
  await context.addInitScript(noteLetters)
  await page.goto(url)
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.focus()
  const quiet = await write(page)
  await field.fill('Tell me everything')
  answerNext()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  const busy = await write(page)
  if ((await page.locator('article[aria-busy=true]').count()) === 0) throw new Error('the answer ended first')
  await context.close()
  return { quiet, busy }
}

async function write(page: Page): Promise<number[]> {
  await page.evaluate(() => performance.clearMarks())
  await page.keyboard.type('a'.repeat(letters), { delay: 60 })
  return page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return performance.getEntriesByName('letter').map((mark) => (mark as PerformanceMark).detail as number)
  })
}

/** Runs in the page: from the key to the frame that shows the letter, for all that take a frame or more. */
function noteLetters(): void {
  const observer = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'keydown') performance.mark('letter', { detail: duration })
    }
  })
  observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
}

async function scrollThrough(browser: Browser, url: string): Promise<number[]> {
  const { context, page } = await pageOfPerson(browser, url)
  await context.request.post(`${url}/api/v1/import`, { data: longTalk('The long one', messages) })
  const { items } = await (await context.request.get(`${url}/api/v1/conversations`)).json()
  await page.goto(`${url}/c/${items[0].id}`)
  await page.getByText(`Answer ${messages}`).waitFor()
  await page.getByRole('log').hover()
  await browser.startTracing(page, { categories: ['__metadata', 'toplevel'] })
  const shown = () => page.getByRole('article').count()
  for (let turns = 0; turns < 2000 && (await shown()) < messages; turns++) await page.mouse.wheel(0, -1500)
  if ((await shown()) < messages) throw new Error('the first message was not reached')
  const tasks = tasksOf((await browser.stopTracing()).toString())
  await context.close()
  return tasks
}
