import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import type { Stack } from './stacks.ts'

/** For people to look at. */
const screenshots = join(import.meta.dir, '../../dist/screenshots')

/** Who looks at the page, and on what. */
export const looks = [
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 780 } },
] as const

export type Look = (typeof looks)[number]

/** One for each stack: the page is the same whatever is behind its server, and browsers are slow. */
export function looksOn({ name }: Stack): Look[] {
  return name === 'embedded' ? [looks[0]] : [looks[1]]
}

/** A browser of its own, as it were; `complaints`: what it has written to its console as errors. */
export async function visit(browser: Browser, look: Look) {
  const context = await browser.newContext(look)
  // Before the test's own time is over: then it is told what was waited for.
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { context, page, complaints }
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
}

/** Throws with what axe has found. */
export async function checkAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  if (found.length > 0) throw new Error(found.join('\n'))
}

/** Everybody can use it, nothing is wider than the window, and people may look at it. */
export async function checkPage(page: Page, { locale, viewport }: Look, name: string): Promise<void> {
  await checkAccessible(page)
  const width = await page.evaluate(() => {
    const main = document.querySelector('main')
    return Math.max(document.documentElement.scrollWidth, (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0))
  })
  if (width > viewport.width)
    throw new Error(`${name}: ${width} pixels wide in a window of ${viewport.width}`)
  await shoot(page, name.replace('-', `-${locale}-`))
}

/** Of the last answer. */
export async function answerText(page: Page): Promise<string> {
  return (await page.locator('.message.assistant .markdown').last().textContent()) ?? ''
}
