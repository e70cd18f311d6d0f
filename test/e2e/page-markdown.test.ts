import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { type GatedAnswer, type GatedUpstream, startGatedUpstream } from '../support/gated-upstream.ts'
import { ask } from '../support/page-house.ts'
import { richAnswer } from '../support/rich-answer.ts'
import { foreignRequests, lastAnswer, markupOf, waitForEnd, waitForFinish } from '../support/shown-answer.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, type Look, looks, parsedHandlers, shoot, visit } from '../support/web-page.ts'
import { xssCorpus } from '../support/xss-corpus.ts'
import { markdownWords } from './markdown-words.ts'

setDefaultTimeout(60_000)

let browser: Browser
let upstream: GatedUpstream
let app: BinaryOnStack
let asked = 0

beforeAll(async () => {
  upstream = startGatedUpstream()
  app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
  await upstream?.stop()
})

/** A visitor asks, and the model is about to answer. */
async function begin(page: Page, look: Look): Promise<GatedAnswer> {
  await ask(page, look, 'Tell me')
  return upstream.answer(++asked)
}

for (const look of looks) {
  test(`an answer with everything in it, as it comes and later: ${look.locale}`, async () => {
    const t = markdownWords[look.locale]
    const { context, page, complaints } = await visit(browser, look)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(app.url)
    const answer = await begin(page, look)
    let at = 0
    // Pieces that end anywhere, and each drawn before the next.
    for (const length of Array.from({ length: 60 }, (_, n) => 7 + ((n * 37) % 53))) {
      answer.say(richAnswer.slice(at, at + length))
      at += length
      await page.evaluate(() => new Promise(requestAnimationFrame))
    }
    answer.say(richAnswer.slice(at))
    answer.end()
    await waitForFinish(page)
    const streamed = await markupOf(page)
    await shoot(page, `markdown-${look.locale}-end`)
    await checkAccessible(page)

    await page.reload()
    await waitForFinish(page)
    expect(await markupOf(page)).toEqual(streamed)
    await lastAnswer(page)
      .locator('h3')
      .evaluate((heading) => heading.scrollIntoView())
    await shoot(page, `markdown-${look.locale}-top`)
    // The headings were of the second, third and fifth level.
    const levels = await lastAnswer(page)
      .locator('h3, h4, h5, h6')
      .evaluateAll((all) => all.map((one) => one.tagName))
    expect(levels).toEqual(['H3', 'H4', 'H5'])
    // Fonts of formulas are ours, and are there.
    expect(await page.evaluate(() => document.fonts.check('16px KaTeX_Main'))).toBe(true)

    const code = lastAnswer(page).locator('figure')
    await code.getByRole('button', { name: t.copy }).click()
    await code.getByRole('button', { name: t.copied }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toStartWith('from typing import')
    const isScrolled = () => code.locator('pre').evaluate((pre) => pre.scrollWidth > pre.clientWidth)
    expect(await isScrolled()).toBe(true)
    await code.getByRole('button', { name: t.wrap }).click()
    expect(await isScrolled()).toBe(false)
    const picture = lastAnswer(page).getByRole('link', { name: t.picture })
    expect(await picture.textContent()).toContain('upload.example.org')
    expect(await picture.getAttribute('rel')).toBe('noopener noreferrer')
    // A table and a formula are wider than a phone; the page is not.
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(isWide).toBe(false)
    expect(complaints).toEqual([])
    await context.close()
  })

  describe(`while an answer is written: ${look.locale}`, () => {
    let context: BrowserContext
    let page: Page

    beforeAll(async () => {
      const visited = await visit(browser, look)
      context = visited.context
      page = visited.page
      await page.goto(app.url)
    })
    afterAll(() => context?.close())

    test('what is finished is not touched again', async () => {
      const answer = await begin(page, look)
      answer.say('# Title\n\nFirst *paragraph*.\n\n- one\n- two\n\n```js\nlet a = 1\n```\n\nNow')
      await page.getByText('Now').waitFor()
      await page.locator('.hljs-keyword').waitFor()
      await page.evaluate(() => {
        const changes: string[] = []
        const blocks = [...document.querySelectorAll('.markdown > *')].slice(0, 4)
        for (const block of blocks) {
          new MutationObserver((all) => changes.push(...all.map(({ type }) => type))).observe(block, {
            subtree: true,
            childList: true,
            characterData: true,
            attributes: true,
          })
        }
        Object.assign(window, { changes, blocks })
      })
      for (const word of [' it', ' goes', ' on.\n\n', '| a | b |\n', '|--', '-|---|\n| 1', ' | 2 |\n\nEnd']) {
        answer.say(word)
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
      await page.getByText('End').waitFor()
      answer.end()
      await waitForEnd(page)
      const kept = await page.evaluate(() => {
        // Put there above.
        const { changes, blocks } = window as unknown as { changes: string[]; blocks: Element[] }
        return { changes, areThere: blocks.every((block) => block.isConnected) }
      })
      expect(kept).toEqual({ changes: [], areThere: true })
    })

    const halves: [what: string, said: string, shown: string][] = [
      ['emphasis', 'is **very imp', '<p>is <strong>very imp</strong></p>'],
      ['the beginning of emphasis', 'word **', '<p>word </p>'],
      ['code', 'call `f(x', '<p>call <code>f(x</code></p>'],
      ['a link', 'see [the page](https://exam', '<p>see the page</p>'],
      ['an item', 'Items:\n-', '<p>Items:</p>'],
      ['a formula', 'so \\(x_1 * y', '<p>so <code>\\(x_1 * y</code></p>'],
      ['a formula of its own', '$$\nx_1 *', '<span class="formula display source">$$\nx_1 *</span>'],
    ]
    for (const [what, said, shown] of halves) {
      test(`half of ${what} looks as it will`, async () => {
        const answer = await begin(page, look)
        answer.say(`Before\n\n${said}`)
        await page.waitForFunction(
          (html) => [...document.querySelectorAll('.markdown')].at(-1)?.innerHTML === html,
          `<p>Before</p>${shown}`,
        )
        answer.end()
        await waitForEnd(page)
      })
    }

    test('half a table and half a block of code', async () => {
      const answer = await begin(page, look)
      answer.say('| a | b')
      await lastAnswer(page).locator('th').nth(1).waitFor()
      answer.say(' |\n|--')
      answer.say('-|---|\n| 1 | 2 |\n\n```py\nx = 1\n``')
      await lastAnswer(page).locator('pre').waitFor()
      expect(await lastAnswer(page).locator('td').count()).toBe(2)
      expect(await lastAnswer(page).locator('pre').textContent()).toBe('x = 1')
      answer.end()
      await waitForEnd(page)
    })
  })

  test(`diagrams are drawn when somebody asks for it, and are pictures in which nothing runs: ${look.locale}`, async () => {
    const t = markdownWords[look.locale]
    const { context, page } = await visit(browser, look, parsedHandlers)
    const foreign = foreignRequests(context, app.url)
    const diagrams = [
      'flowchart TD\n  A["<img src=x onerror=parent.hacked=1> 开始"] --> B\n  click A "javascript:parent.hacked=1"',
      '%%{init: {"themeCSS": "* { background: url(https://tracker.example/d) }"}}%%\nsequenceDiagram\n  A->>B: <script>parent.hacked=1</script>',
      'classDiagram\n  Animal <|-- Duck',
      'no diagram',
    ]
    const messages = diagrams.map((code) => ({
      role: 'assistant',
      content: `\`\`\`mermaid\n${code}\n\`\`\``,
    }))
    await page.route('**/chat_history', (route) => route.fulfill({ json: { messages } }))
    await page.goto(app.url)
    for (const at of diagrams.keys()) {
      await page.locator('figure').nth(at).getByRole('button', { name: t.draw }).click()
    }
    await page.getByRole('img', { name: t.diagram }).nth(2).waitFor()
    await page.getByText(t.noDiagram).waitFor()
    expect(await page.getByRole('img', { name: t.diagram }).count()).toBe(3)
    await shoot(page, `markdown-${look.locale}-diagrams`)
    await checkAccessible(page)
    await page.getByRole('button', { name: t.source }).first().click()
    await page.getByText('click A').waitFor()
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(foreign).toEqual([])
    await context.close()
  })

  test(`nothing that a model says runs, or asks anybody for anything: ${look.locale}`, async () => {
    const { context, page } = await visit(browser, look, parsedHandlers)
    const foreign = foreignRequests(context, app.url)
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => foreign.push('a dialog')))
    await page.addInitScript(() => {
      const violations: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
        const violation = `${effectiveDirective} ${blockedURI}`
        // DOMPurify takes handlers away from what it has parsed, and parsing alone makes the browser report them.
        if (violation !== 'script-src-attr inline') violations.push(violation)
      })
      Object.assign(window, { violations })
    })
    // As if all this had been said before: more than is remembered of a visitor.
    const messages = xssCorpus.map((payload) => ({ role: 'assistant', content: `${payload}\n\nEnd` }))
    await page.route('**/chat_history', (route) => route.fulfill({ json: { messages } }))
    await page.goto(app.url)
    await page.waitForFunction(
      (count) => document.querySelectorAll('.markdown').length === count,
      xssCorpus.length,
    )
    // And once more in pieces, with all that is shown of half a tag.
    const answer = await begin(page, look)
    const all = xssCorpus.join('\n\n')
    for (let at = 0; at < all.length; at += 50) {
      answer.say(all.slice(at, at + 50))
      await page.evaluate(() => new Promise(requestAnimationFrame))
    }
    answer.end()
    await waitForEnd(page)
    await page.evaluate(() => document.fonts.ready)
    // Whoever points at it, goes through it by keyboard or opens it.
    await page.evaluate(() => {
      for (const element of document.querySelectorAll('.markdown *')) {
        for (const type of ['mouseover', 'focus', 'toggle', 'load', 'error'])
          element.dispatchEvent(new Event(type))
      }
    })
    const found = await page.evaluate(() => {
      const all = [...document.querySelectorAll('.markdown *')]
      const outside = all.filter((element) => !element.closest('.katex'))
      return {
        isHacked: 'hacked' in window,
        tags: outside
          .map(({ tagName }) => tagName)
          .filter((tag) =>
            /^(script|style|i?frame|object|embed|form|textarea|link|meta|base|svg|math|video|audio)$/i.test(
              tag,
            ),
          ),
        attributes: outside
          .flatMap((element) => element.getAttributeNames())
          .filter((name) => /^(on|style$|id$|name$|src$|srcdoc$|action$|xlink)/.test(name)),
        handlers: all
          .flatMap((element) => element.getAttributeNames())
          .filter((name) => name.startsWith('on')),
        links: [...document.querySelectorAll<HTMLAnchorElement>('.markdown a[href]')]
          .filter(({ href, target, rel }) => !/^(https?|mailto):/.test(href) || target !== '_blank' || !rel)
          .map(({ href }) => href),
        // Put there above.
        violations: (window as unknown as { violations: string[] }).violations,
      }
    })
    expect(found).toEqual({
      isHacked: false,
      tags: [],
      attributes: [],
      handlers: [],
      links: [],
      violations: [],
    })
    expect(foreign).toEqual([])
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await page.getByRole('textbox').count()).toBe(1)
    await shoot(page, `markdown-${look.locale}-attacks`)
    await context.close()
  })
}
