import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { type Binary, startBinary } from '../support/binary.ts'
import { startChromium } from '../support/chromium.ts'
import { startApp } from '../support/harness.ts'
import { hasPrograms } from '../support/services.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

let binary: Binary
beforeAll(async () => {
  binary = await startBinary({ env: { SITE_NAME: 'A site' } })
})
afterAll(() => binary?.stop())

test('the executable says the same of itself as its source', async () => {
  await using app = await startApp(embeddedStack, { FRONTEND_BASE_URL: binary.url })
  const read = async (url: string) => (await fetch(`${url}/api/v1/openapi.json`)).json()
  expect(await read(binary.url)).toEqual(await read(app.url))
})

test('another name leads to it, whatever stands before', async () => {
  for (const path of ['/redoc', '/cloudchat/redoc']) {
    const { url, status } = await fetch(binary.url + path)
    expect([url, status]).toEqual([binary.url + path.replace('redoc', 'docs'), 200])
  }
})

describe.skipIf(!hasPrograms('chromium'))('the page of the reference', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  for (const look of looks) {
    test(`shows an operation, found by a word (${look.locale}, ${look.colorScheme})`, async () => {
      const { page, context, complaints } = await visit(browser, look)
      const outside: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(binary.url)) outside.push(request.url())
      })
      await page.goto(`${binary.url}/docs`)
      await page.locator('.operation').first().waitFor()
      await checkAccessible(page)
      await shoot(page, `reference-${look.colorScheme}`)

      await page.getByRole('searchbox').fill('rename tag')
      const card = page.locator('.operation#renameTag')
      await card.waitFor()
      expect(await page.locator('.operation#listModels').count()).toBe(0)
      await card.locator('summary').first().click()
      await card.locator('.name', { hasText: 'merge' }).waitFor()
      expect(await card.locator('pre').first().textContent()).toContain(`${binary.url}/api/v1/tags/:id`)
      await card.getByRole('button', { name: 'JavaScript' }).click()
      expect(await card.locator('pre').first().textContent()).toContain('await fetch(')
      await card.getByText('409', { exact: true }).click()
      await card.getByText('conflict', { exact: false }).first().waitFor()
      await checkAccessible(page)
      await shoot(page, `reference-operation-${look.colorScheme}`)

      await page.goto(`${binary.url}/docs#createShare`)
      await page.locator('.operation#createShare .example').waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(width).toBeLessThanOrEqual(0)
      expect({ outside, complaints }).toEqual({ outside: [], complaints: [] })
      await context.close()
    })
  }
})
