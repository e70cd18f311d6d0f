import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { longTalk } from '../support/long-talk.ts'
import { answer, ask, openHouse, words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, looks, shoot } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const [look] = looks
const t = words[look.locale]

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

describe('a person and his conversations', () => {
  test('asks in other words, has it answered again, goes about the branches, rates and copies', async () => {
    await using house = await openHouse(browser, embeddedStack, look)
    const { page, app } = house
    await house.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(app.url)
    await ask(page, look, 'First words')
    await answer(house, look, 'Alpha **one**', 'A title')

    await button(page, 'Regenerate').click()
    await answer(house, look, 'Beta')
    await page.getByText('2/2').waitFor()
    await button(page, 'Earlier version').click()
    await page.getByText('Alpha one').waitFor()
    await page.getByText('1/2').waitFor()

    await page.getByText('First words').hover()
    await button(page, 'Edit').click()
    const field = page.getByRole('textbox', { name: 'Edit the question' })
    await field.fill('Other words')
    // An input method chooses a word with it.
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    expect(await field.count()).toBe(1)
    await checkAccessible(page)
    await button(page, 'Ask again').click()
    await answer(house, look, 'Gamma')
    expect(await page.getByText('First words').count()).toBe(0)
    await page.getByText('Other words').hover()
    await page.getByRole('article').first().getByRole('button', { name: 'Earlier version' }).click()
    await page.getByText('Beta').waitFor()
    await page.getByRole('article').last().getByRole('button', { name: 'Earlier version' }).click()
    await page.getByText('Alpha one').waitFor()

    await button(page, 'Bad answer').click()
    await page.getByRole('textbox', { name: 'A note (optional)' }).fill('Too short')
    await checkAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Thank you.').waitFor()
    await button(page, 'More').click()
    await page.getByRole('menuitem', { name: 'Copy without formatting' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Alpha one')
    await button(page, 'More').click()
    await checkAccessible(page)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
    await button(page, 'More').click()
    await page.getByRole('menuitem', { name: 'Details' }).click()
    await page.getByRole('dialog').getByText('Tokens written').waitFor()
    await page.keyboard.press('Escape')
    const rated = await house.context.request.get(
      `${app.url}/api/v1/conversations/${page.url().split('/').pop()}/messages`,
    )
    expect((await rated.json()).items[1]).toMatchObject({ rating: 'down', rating_note: 'Too short' })

    await page.getByRole('banner').getByRole('button', { name: 'Share' }).click()
    await button(page, 'Create a link').click()
    await page.getByRole('dialog').getByRole('link', { name: 'A title' }).waitFor()
    await checkAccessible(page)
    await button(page, 'Options of the link: A title').click()
    await page.getByRole('menuitem', { name: 'Withdraw' }).click()
    await page.getByRole('dialog').last().getByRole('button', { name: 'Withdraw' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'A title' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')

    await page.getByRole('article').last().hover()
    await page.getByRole('article').last().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await checkAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    // Its sister takes its place.
    await page.getByText('Beta').waitFor()
    expect(await page.getByText('Alpha one').count()).toBe(0)
    expect(house.complaints).toEqual([])
  })

  test('goes about by the keyboard alone, and is never thrown back to the top of the page', async () => {
    await using house = await openHouse(browser, embeddedStack, look)
    const { page, app } = house
    const { keyboard } = page
    const hasFocus = (name: string) =>
      page.waitForFunction(
        (wanted) => {
          const { activeElement: at } = document
          return (at?.getAttribute('aria-label') ?? at?.textContent) === wanted
        },
        name,
        { timeout: 10_000 },
      )
    await house.context.request.post(`${app.url}/api/v1/conversations`, { data: { title: 'Apples' } })
    await page.goto(app.url)
    await hasFocus('Message')
    await keyboard.type('First words')
    await keyboard.press('Enter')
    await answer(house, look, 'Alpha', 'A title')
    await keyboard.press('ArrowUp')
    await hasFocus('Edit the question')
    await keyboard.press('Escape')
    await hasFocus('Message')

    await button(page, 'Options: Apples').focus()
    await keyboard.press('ArrowDown')
    await hasFocus('Rename')
    await keyboard.press('Enter')
    await hasFocus('Title')
    await keyboard.type('Pears')
    await keyboard.press('Enter')
    await hasFocus('Options: Pears')
    await keyboard.press('Enter')
    await hasFocus('Rename')
    await keyboard.press('t')
    await hasFocus('Tags')
    await keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('textbox').and(page.locator(':focus')).waitFor()
    await keyboard.press('Escape')
    await hasFocus('Options: Pears')

    await keyboard.press('Control+Shift+O')
    await hasFocus('Message')
    await button(page, 'Instructions and parameters').focus()
    await keyboard.press('Enter')
    await page.getByLabel('Instructions for the model').and(page.locator(':focus')).waitFor()
    await keyboard.type('Be brief')
    await keyboard.press('Escape')
    await hasFocus('Instructions and parameters')

    const make = () =>
      house.context.request.post(`${app.url}/api/v1/conversations`, { data: { title: 'Nuts' } })
    await Promise.all(Array.from({ length: 100 }, make))
    await page.reload()
    await page.getByRole('link', { name: 'Nuts' }).first().waitFor()
    await button(page, 'Select several').focus()
    await keyboard.press('Enter')
    const all = page.getByRole('checkbox', { name: 'Select all' })
    await all.focus()
    await keyboard.press('Space')
    await page.getByText('100 can be changed at once.').waitFor()
    await page.getByText('100 selected').waitFor()
    await keyboard.press('Space')
    await page.getByText('0 selected').waitFor()
    await page.getByRole('checkbox', { name: 'Select: Nuts' }).first().check()
    expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
    await checkAccessible(page)
    expect(await button(page, 'Done').evaluate(isInside)).toBe(true)
    await shoot(page, 'select-all')
    expect(house.complaints).toEqual([])
  })

  test('names, pins, tags, finds, shares, archives, deletes and gets back', async () => {
    await using house = await openHouse(browser, embeddedStack, look)
    const { page, app } = house
    const post = (path: string, data: object | string) => house.context.request.post(app.url + path, { data })
    for (const title of ['Apples', 'Pears', 'Plums']) await post('/api/v1/conversations', { title })
    await post('/api/v1/import', longTalk('The long one', 2000))
    await page.goto(app.url)
    const row = (title: string) => page.getByRole('listitem').filter({ hasText: title })
    const options = async (title: string, act: string) => {
      await row(title).hover()
      await button(page, `Options: ${title}`).click()
      await page.getByRole('menuitem', { name: act }).click()
    }

    await options('Apples', 'Rename')
    await page.getByRole('textbox', { name: 'Title' }).fill('Oranges')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Oranges' }).waitFor()
    await options('Oranges', 'Pin')
    await page.getByRole('region', { name: 'Pinned' }).getByRole('link', { name: 'Oranges' }).waitFor()
    await options('Pears', 'Tags')
    await page.getByRole('textbox', { name: 'New tag' }).fill('fruit')
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: 'fruit' }).and(page.locator(':checked')).waitFor()
    await checkAccessible(page)
    await page.keyboard.press('Escape')
    await button(page, 'fruit').click()
    await page.getByRole('link', { name: 'Oranges' }).waitFor({ state: 'detached' })
    await button(page, 'fruit').click()
    await page.getByRole('link', { name: 'Oranges' }).waitFor()

    await options('Plums', 'Delete')
    await page.getByRole('link', { name: 'Plums' }).waitFor({ state: 'detached' })
    await button(page, 'Undo').click()
    await page.getByRole('link', { name: 'Plums' }).waitFor()
    await button(page, 'Select several').click()
    for (const title of ['Pears', 'Plums']) await page.getByRole('checkbox', { name: title }).check()
    await button(page, 'Archive').last().click()
    await page.getByText('2 conversations changed.').waitFor()
    await button(page, 'Archive').click()
    await page.getByRole('heading', { name: 'Archive' }).waitFor()
    await options('Pears', 'Take out of the archive')
    await page.getByRole('link', { name: 'Pears' }).waitFor({ state: 'detached' })
    await shoot(page, 'archive')
    await checkAccessible(page)
    await button(page, 'Back to the conversations').click()
    await page.getByRole('link', { name: 'Pears' }).waitFor()

    // Twenty pages up, from the keyboard alone.
    await page.keyboard.press('Control+k')
    await page.getByRole('searchbox', { name: 'Search' }).fill('"question 101"')
    await page.locator('mark').first().waitFor()
    await shoot(page, 'search')
    await checkAccessible(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const wanted = page.getByText('Question 101', { exact: true })
    await wanted.waitFor()
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Question 101'))
    expect(await wanted.evaluate(isInSight)).toBe(true)
    await page.mouse.move(800, 400)
    await page.mouse.wheel(0, -800)
    await button(page, 'To the newest').click()
    await page.getByText('Answer 2000').waitFor()
    expect(await page.getByText('Answer 2000').evaluate(isInSight)).toBe(true)

    await page.getByRole('banner').getByRole('button', { name: 'Share' }).click()
    await button(page, 'Create a link').click()
    await page.getByText('This is too long to be shared').waitFor()
    // The browser itself complains about the 413.
    house.complaints.length = 0
    await page.keyboard.press('Escape')

    await page.getByRole('textbox', { name: t.message }).fill('half a tho')
    await page.getByRole('link', { name: 'Pears' }).click()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '')
    await page.goBack()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'half a tho')
    await page.getByRole('log').focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await checkAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: t.message }).press('Control+/')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: t.account }).click()
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await page.getByRole('button', { name: t.account }).click()
    await page.getByRole('menuitem', { name: '中文' }).click()
    await button(page, '新对话').waitFor()
    await page.reload({ waitUntil: 'commit' })
    // Before any module has run.
    await page.waitForFunction(() => document.body !== null)
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await button(page, '新对话').waitFor()
    expect(house.complaints).toEqual([])
  })
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}

/** The sidebar is narrow, and its languages are not. */
function isInside(element: Element): boolean {
  const bar = element.closest('aside')
  return bar !== null && element.getBoundingClientRect().right <= bar.getBoundingClientRect().right
}
