import type { Browser, Page } from 'playwright-core'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { richAnswer } from '../support/rich-answer.ts'
import { embeddedStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Script } from '../support/upstream-scripts.ts'
import type { Figure } from './figure.ts'
import { tokensOf } from './long-answer.ts'
import { tasksOf } from './main-thread.ts'
import { pageOfPerson } from './open-page.ts'

/** As fast as the fastest providers: what is asked for is then to be had in 20 s. */
const delayMs = 2

/**
 * What a long answer with everything in it costs the page while it comes, in time of its main thread's processor, and
 * the longest that anything else has to wait. Beside it the same answer in plain words, which is mostly reading it.
 */
export async function markdown(): Promise<Figure[]> {
  const upstream = startUpstream({ record: false })
  await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
  const browser = await startChromium()
  const watch = async (text: string[]): Promise<Cost> => {
    const { context, page } = await pageOfPerson(browser, app.url)
    const answerOrTitle = (body: Record<string, unknown>): Script =>
      JSON.stringify(body.messages).includes('<message>') ? { text: ['A title'] } : { text, delayMs }
    upstream.play(answerOrTitle, answerOrTitle)
    await page.goto(app.url)
    const cost = await costOfAnswer(browser, page)
    await context.close()
    return cost
  }
  const rich = await watch(tokensOf(richAnswer))
  const plain = await watch(tokensOf('Nothing but words, one after the other, as they come. '))
  await browser.close()
  await upstream.stop()
  return [
    {
      what: 'main thread, an answer of 10,000 tokens',
      measured: rich.seconds,
      unit: 's',
      reference: { what: 'plain words', measured: plain.seconds },
      goal: { is: 'at most', limit: 2, of: 'value' },
    },
    {
      what: 'longest task meanwhile',
      measured: rich.longestMs,
      unit: 'ms',
      reference: { what: 'plain words', measured: plain.longestMs },
      goal: { is: 'at most', limit: 50, of: 'value' },
    },
  ]
}

interface Cost {
  seconds: number
  longestMs: number
}

/** By the processor's time: what else the machine does is not the page's. */
async function costOfAnswer(browser: Browser, page: Page): Promise<Cost> {
  await page.getByRole('textbox', { name: 'Message' }).fill('Tell me everything')
  await browser.startTracing(page, { categories: ['__metadata', 'toplevel'] })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  // Seldom: looking costs time of the same thread.
  const isOver = () => document.querySelector('article[aria-busy=true]') === null
  await page.waitForFunction(isOver, null, { polling: 1000, timeout: 300_000 })
  const tasks = tasksOf((await browser.stopTracing()).toString())
  return { seconds: tasks.reduce((sum, ms) => sum + ms, 0) / 1000, longestMs: Math.max(...tasks) }
}
