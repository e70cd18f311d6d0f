import type { BrowserContext, Page, Request } from 'playwright-core'

/** The answer is there, and nothing is being written. */
export async function waitForEnd(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('article[aria-busy=true]') === null)
}

/** And formulas are drawn, and code is coloured. */
export async function waitForFinish(page: Page): Promise<void> {
  await waitForEnd(page)
  await page.waitForFunction(() => {
    const answer = [...document.querySelectorAll('.markdown')].at(-1)
    return answer?.querySelector('.source') === null && answer.querySelector('.hljs-keyword') !== null
  })
}

export function lastAnswer(page: Page) {
  return page.locator('.message.assistant .markdown').last()
}

/** What is asked of anybody but the service from now on. */
export function foreignRequests(context: BrowserContext, origin: string): string[] {
  const found: string[] = []
  const add = (request: Request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) found.push(url)
  }
  context.on('response', (response) => add(response.request()))
  context.on('requestfailed', (request) => {
    // That never left the browser.
    if (request.failure()?.errorText !== 'csp') add(request)
  })
  return found
}

/** Of the last answer: its elements in their order, with all that they have, in alphabetical order. */
export function markupOf(page: Page): Promise<string[]> {
  return lastAnswer(page).evaluate((answer) => {
    const describe = (node: Node): string => {
      if (!(node instanceof Element)) return node.textContent ?? ''
      const attributes = [...node.attributes].map(({ name, value }) => `${name}="${value}"`)
      return [node.tagName, ...attributes.sort()].join(' ')
    }
    const walker = document.createTreeWalker(answer)
    const found: string[] = []
    while (walker.nextNode()) found.push(describe(walker.currentNode))
    return found
  })
}
