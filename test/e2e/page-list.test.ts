import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { longTalk } from '../support/long-talk.ts'
import { openHouse, showList } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, looks } from '../support/web-page.ts'
import { actsWords } from './acts-words.ts'

setDefaultTimeout(120_000)

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

for (const look of [
  // Where it is still the day before.
  { ...looks[0], timezoneId: 'America/New_York' },
  { ...looks[1], timezoneId: 'Asia/Shanghai' },
]) {
  const isPhone = look.hasTouch

  test(`everything that is done in the list, and what is found and shared: ${look.locale}`, async () => {
    await using house = await openHouse(browser, embeddedStack, look)
    const t = actsWords[look.locale]
    const { page, app, context } = house
    const send = async (method: 'post' | 'put', path: string, data: object | string) => {
      const response = await context.request[method](`${app.url}/api/v1/${path}`, { data })
      expect(response.ok()).toBe(true)
      return response.json()
    }
    const button = (name: string, place: Page | Locator = page) =>
      place.getByRole('button', { name, exact: true }).click()
    const link = (name: string) => page.getByRole('link', { name, exact: true })
    const choose = async (menu: string, name: string) => {
      if (!isPhone) await page.getByRole('button', { name: menu, exact: true }).hover()
      await button(menu)
      await page.getByRole('menuitem', { name, exact: true }).click()
    }
    const select = async (...titles: string[]) => {
      await button(t.select)
      for (const title of titles) await page.getByRole('checkbox', { name: t.selectOne(title) }).click()
    }
    const dialog = page.getByRole('dialog').last()
    const isCopied = (text: string) =>
      page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()).includes(wanted), text)

    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await send('post', 'import', longTalk('A long talk', 6))
    const [talk] = (await (await context.request.get(`${app.url}/api/v1/conversations`)).json()).items
    const ids: string[] = []
    for (const title of ['Apples', 'Pears', 'Plums'])
      ids.push((await send('post', 'conversations', { title })).id)
    await send('put', `conversations/${ids[0]}`, { pinned: true })
    await send('put', `conversations/${ids[0]}/tags`, { tags: ['sweet'] })
    const read: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (/\/(conversations|tags)$/.test(pathname)) read.push(`${request.method()} ${pathname}`)
    })
    await page.goto(app.url)
    await showList(page, look)

    await page.getByRole('region', { name: t.pinned }).waitFor()
    await choose(t.optionsOf('Apples'), t.unpin)
    await page.getByRole('region', { name: t.pinned }).waitFor({ state: 'detached' })
    for (const [item, ending, part] of [
      [t.exportMarkdown, '.md', '**2**'],
      [t.exportJson, '.json', '"Question 1"'],
    ] as const) {
      const coming = page.waitForEvent('download')
      await choose(t.optionsOf('A long talk'), item)
      const file = await coming
      expect(file.suggestedFilename()).toEndWith(ending)
      expect(readFileSync(await file.path(), 'utf8')).toContain(part)
    }
    expect(read.toSorted()).toEqual(['GET /api/v1/conversations', 'GET /api/v1/tags'])

    await select('Pears', 'Plums')
    await button(t.addTag)
    await dialog.getByRole('textbox', { name: t.newTag }).fill('fruit')
    await button(t.add, dialog)
    await button(t.manageTags)
    await dialog.getByText(t.counted(2), { exact: true }).waitFor()
    const rename = async (from: string, to: string) => {
      await button(t.renameTag(from))
      await page.getByRole('textbox', { name: t.tagName }).fill(to)
      await button(t.save)
    }
    await rename('fruit', 'food')
    await page.getByRole('button', { name: t.deleteTag('food') }).waitFor()
    await checkPage(page, look, 'list-tags')
    await rename('sweet', 'Food')
    await button(t.merge)
    await page.getByText(t.counted(3)).waitFor()
    await page.getByRole('button', { name: t.deleteTag('sweet') }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: t.deleteTag('food') }).waitFor()
    await button(t.deleteTag('food'))
    await button(t.delete, dialog)
    await page.getByText(t.noTags).waitFor()
    await button(t.close, dialog)

    await select('Pears', 'Plums')
    await button(t.delete)
    await button(t.delete, dialog)
    await link('Plums').waitFor({ state: 'detached' })
    await button(t.bin)
    await page.getByRole('heading', { name: t.bin }).waitFor()
    await choose(t.optionsOf('Pears'), t.restore)
    const inBin = (title: string) => page.getByRole('button', { name: t.optionsOf(title) })
    await inBin('Pears').waitFor({ state: 'detached' })
    await checkPage(page, look, 'list-bin')
    await select('Plums')
    await button(t.restore)
    await inBin('Plums').waitFor({ state: 'detached' })
    await button(t.backToList)
    await link('Pears').waitFor()
    await link('Plums').waitFor()

    await link('A long talk').click()
    await page.getByText('Question 1', { exact: true }).waitFor()
    await page.getByRole('log').focus()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: t.message }).and(page.locator(':focus')).waitFor()
    expect(await page.getByRole('textbox', { name: t.message }).inputValue()).toBe('')
    await page.keyboard.press('Control+Shift+C')
    await isCopied('Answer **6**')
    await page.getByText(t.copied, { exact: true }).waitFor()
    if (!isPhone) {
      await page.keyboard.press('Control+Shift+S')
      await page.getByRole('button', { name: t.hideSidebar }).waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Control+Shift+S')
    await page.getByRole('button', { name: t.hideSidebar }).waitFor()

    await button(t.search)
    const field = page.getByRole('searchbox', { name: t.search })
    const found = (count: number) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelectorAll('.hit').length === wanted &&
          document.querySelector('.hits')?.getAttribute('aria-busy') === 'false',
        count,
      )
    await field.fill('apples')
    await found(1)
    await page.getByText(t.filters).click()
    const here = page.getByRole('checkbox', { name: t.onlyHere })
    await here.click()
    await page.getByText(t.nothing).waitFor()
    await field.fill('answer')
    await found(3)
    const by = page.getByRole('combobox', { name: t.saidBy })
    await by.selectOption({ label: t.me })
    await page.getByText(t.nothing).waitFor()
    await by.selectOption({ label: t.anybody })
    await found(3)
    // It was said at midnight, in Greenwich.
    const [before, day] = isPhone ? ['2025-12-31', '2026-01-01'] : ['2025-12-30', '2025-12-31']
    await page.getByLabel(t.to, { exact: true }).fill(before)
    await page.getByText(t.nothing).waitFor()
    await page.getByLabel(t.to, { exact: true }).fill(day)
    await found(3)
    await page.getByLabel(t.from, { exact: true }).fill('2026-01-02')
    await page.getByText(t.nothing).waitFor()
    await button(t.close, dialog)
    if (isPhone) await page.keyboard.press('Escape')

    const openLinks = async () => {
      if (isPhone) await button(t.showSidebar)
      await page.getByRole('button', { name: t.account }).click()
      await page.getByRole('menuitem', { name: t.sharedLinks }).click()
    }
    await openLinks()
    await dialog.getByText(t.noShares).waitFor()
    await button(t.close, dialog)
    if (isPhone) await page.keyboard.press('Escape')
    const { token } = await send('post', `conversations/${talk.id}/shares`, {})
    await openLinks()
    await choose(t.optionsOfLink('A long talk'), t.endInWeek)
    await dialog.getByText(t.until).waitFor()
    await choose(t.optionsOfLink('A long talk'), t.rename)
    await dialog.getByRole('textbox', { name: t.title }).fill('Read this')
    await page.keyboard.press('Enter')
    await dialog.getByRole('link', { name: 'Read this' }).waitFor()
    await button(t.copyLink)
    await page.getByText(t.linkCopied).waitFor()
    await isCopied(`${app.url}/s/${token}`)
    await checkPage(page, look, 'list-links')
    await page.goto(`${app.url}/settings#links`)
    await link('Read this').waitFor()
    await checkPage(page, look, 'list-links-settings')
    await choose(t.optionsOfLink('Read this'), t.withdraw)
    await button(t.withdraw, dialog)
    await page.getByText(t.noShares).waitFor()
    expect(house.complaints).toEqual([])
  })
}
