import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { useFingers } from './fingers.ts'
import type { Stack } from './stacks.ts'

/** For people to look at. */
const screenshots = join(import.meta.dir, '../../dist/screenshots')

/** Who looks at the page, and on what. */
export const looks = [
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 }, hasTouch: false },
  {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 390, height: 780 },
    // Where a click is a tap: see `visit`.
    hasTouch: true,
    isMobile: true,
  },
] as const

export type Look = (typeof looks)[number]

/** Handlers are taken from what a model says after it is parsed, and parsing alone makes the browser report them. */
export const parsedHandlers = /^Executing inline event handler violates/

/** One for each stack: the page is the same whatever is behind its server, and browsers are slow. */
export function looksOn({ name }: Stack): Look[] {
  return name === 'embedded' ? [looks[0]] : [looks[1]]
}

/**
 * A browser of its own, as it were; `complaints`: what any of its windows has written to its console as errors. What
 * no test has to expect fails the test when the context is closed; what `expected` fits is no complaint.
 */
export async function visit(browser: Browser, look: Look, expected?: RegExp) {
  const context = await browser.newContext(look)
  // Before the test's own time is over: then it is told what was waited for.
  context.setDefaultTimeout(20_000)
  const complaints: string[] = []
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(text)
  }
  context.on('console', (message) => {
    if (message.type() === 'error') complain(message.text())
  })
  context.on('weberror', (error) => {
    // A window of axe's own: there what tests put into every window finds no storage.
    if (error.page()?.url() !== 'about:blank') complain(error.error().message)
  })
  const close = context.close.bind(context)
  context.close = async () => {
    await close()
    const unheard = complaints.filter((text) => !isOfNetwork(text))
    if (unheard.length > 0) throw new Error(`The page complains:\n${unheard.join('\n')}`)
  }
  const page = await context.newPage()
  if (look.hasTouch) useFingers(context, page)
  return { context, page, complaints }
}

/** The browser writes down whatever is refused or does not arrive; what the page makes of it is looked at. */
function isOfNetwork(complaint: string): boolean {
  return /^(Failed to load resource:|WebSocket connection to )/.test(complaint)
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
}

/** Throws with what axe has found: also where a finger would touch two things at once. */
export async function checkAccessible(page: Page): Promise<void> {
  const rules = { 'target-size': { enabled: true } }
  const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  if (found.length > 0) throw new Error(found.join('\n'))
}

/** Everybody can use it, nothing is wider than the window, and people may look at it. */
export async function checkPage(page: Page, { locale, hasTouch }: Look, name: string): Promise<void> {
  await checkAccessible(page)
  const wide = await page.evaluate(tooWide)
  if (wide.length > 0) throw new Error(`${name}: wider than there is room: ${wide}`)
  const small = hasTouch ? await page.evaluate(tooSmall) : []
  if (small.length > 0) throw new Error(`${name}: a phone would enlarge the page for ${small}`)
  await shoot(page, name.replace('-', `-${locale}-`))
}

function tooWide(): string[] {
  const rooms = [...document.querySelectorAll('html, main, .dialog-body')]
  return rooms
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map(({ tagName, className }) => `${tagName}.${className}`)
}

/** Fields whose letters are smaller than phones want them to be. */
function tooSmall(): string[] {
  const fields = document.querySelectorAll('input:not([type=checkbox], [type=radio]), textarea, select')
  return [...fields]
    .filter((field) => field.checkVisibility() && Number.parseFloat(getComputedStyle(field).fontSize) < 16)
    .map(({ outerHTML }) => outerHTML)
}

/** Of the last answer. */
export async function answerText(page: Page): Promise<string> {
  return (await page.locator('.message.assistant .markdown').last().textContent()) ?? ''
}
