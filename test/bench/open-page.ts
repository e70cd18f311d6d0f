import type { Browser, BrowserContext, Page } from 'playwright-core'
import { looks, visit } from '../support/web-page.ts'

/** The page in a browser of somebody with a new account, not opened yet. */
export async function pageOfPerson(
  browser: Browser,
  url: string,
): Promise<{ context: BrowserContext; page: Page }> {
  const { context, page } = await visit(browser, looks[0])
  const account = { email: `${crypto.randomUUID()}@example.com`, password: 'vexing-7 quince' }
  await context.request.post(`${url}/api/v1/auth/register`, { data: { ...account, session: 'cookie' } })
  await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  return { context, page }
}
