import type { Browser, Page } from 'playwright-core'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { embeddedStack } from '../support/stacks.ts'
import { type BenchOptions, type Figure, lowerQuartile } from './figure.ts'
import { pageOfPerson } from './open-page.ts'

const slowness = 4

interface Start {
  /** Until one can write, and the page does as one writes. */
  usableMs: number
  scriptBytes: number
}

/**
 * What comes before the first question: the page of somebody with an account, opened for the first time by a browser
 * whose processor is four times slower than this machine's, and the script that it loads for that.
 */
export async function firstPage({ tries }: BenchOptions): Promise<Figure[]> {
  await using app = await startBinaryOnStack(embeddedStack)
  const browser = await startChromium()
  const starts: Start[] = []
  for (let at = 0; at < (tries ?? 7); at++) starts.push(await openPage(browser, app.url))
  await browser.close()
  const [first] = starts
  if (first === undefined) throw new Error('nothing was tried')
  return [
    {
      what: `usable on a processor ${slowness} times slower`,
      measured: lowerQuartile(starts.map(({ usableMs }) => usableMs)),
      unit: 'ms',
      goal: { is: 'at most', limit: 1000, of: 'value' },
    },
    {
      what: 'script before that, compressed',
      measured: first.scriptBytes / 1024,
      unit: 'KB',
      goal: { is: 'at most', limit: 120, of: 'value' },
    },
  ]
}

async function openPage(browser: Browser, url: string): Promise<Start> {
  const { context, page } = await pageOfPerson(browser, url)
  await context.addInitScript(noteUse)
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness })
  await page.goto(url)
  const start = await read(page)
  await context.close()
  return start
}

/** Runs in the page: writes a letter as soon as there is a field for it, and waits until the page has drawn the answer. */
function noteUse(): void {
  const observer = new MutationObserver(() => {
    const field = document.querySelector<HTMLTextAreaElement>('.composer textarea')
    const button = document.querySelector<HTMLButtonElement>('.composer [type=submit]')
    if (field === null || button === null) return
    if (button.disabled && field.value === '') {
      field.value = 'a'
      field.dispatchEvent(new Event('input', { bubbles: true }))
    } else if (!button.disabled) {
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => performance.mark('usable')))
    }
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true })
}

async function read(page: Page): Promise<Start> {
  await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0)
  return page.evaluate(() => {
    const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const scripts = loaded.filter(({ name }) => name.endsWith('.js'))
    return {
      usableMs: performance.getEntriesByName('usable')[0]?.startTime ?? Number.NaN,
      scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }
  })
}
