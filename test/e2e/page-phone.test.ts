import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { answer, ask, type House, openHouse, showList, words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkAccessible, checkPage, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const [, phone] = looks

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

test('goes about messages and conversations on a phone, in Chinese', async () => {
  await using house = await openHouse(browser, embeddedStack, phone)
  const { page, app, context } = house
  const dialog = page.getByRole('dialog')
  const article = (text: string) => page.getByRole('article').filter({ hasText: text })
  const act = async (text: string, name: string, item?: string) => {
    await article(text).getByRole('button', { name, exact: true }).click()
    if (item !== undefined) await page.getByRole('menuitem', { name: item }).click()
  }
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const title of ['Apples', 'Pears', 'Plums']) {
    await context.request.post(`${app.url}/api/v1/conversations`, { data: { title } })
  }
  const modelsRead = page.waitForResponse(`${app.url}/api/v1/image-models`)
  await page.goto(app.url)
  // No model here draws.
  expect((await (await modelsRead).json()).items).toEqual([])
  await button(page, '指令与参数').waitFor()
  expect(await button(page, '图片').count()).toBe(0)
  await ask(page, phone, '第一问')
  await answer(house, phone, '甲 **一**', '一个标题')
  await act('甲', '重新生成')
  await answer(house, phone, '乙')
  await page.getByText('2/2').waitFor()
  await act('乙', '上一版本')
  await page.getByText('甲 一').waitFor()
  await act('第一问', '编辑')
  await page.getByRole('textbox', { name: '修改提问' }).fill('换一种问法')
  await checkPage(page, phone, 'library-edit')
  await button(page, '重新提问').click()
  await answer(house, phone, '丙')
  await act('丙', '回答得不好')
  await page.getByRole('textbox', { name: '备注（可选）' }).fill('太短')
  await checkPage(page, phone, 'library-note')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('谢谢。').waitFor()
  await act('丙', '更多', '复制纯文本')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('丙')
  await page.getByRole('banner').getByRole('button', { name: '分享' }).click()
  await button(page, '创建链接').click()
  await dialog.getByRole('link', { name: '一个标题' }).waitFor()
  await checkPage(page, phone, 'library-share')
  await button(page, '链接选项：一个标题').click()
  await page.getByRole('menuitem', { name: '撤回' }).click()
  await dialog.last().getByRole('button', { name: '撤回' }).click()
  await dialog.getByRole('link', { name: '一个标题' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await act('丙', '更多', '删除')
  await dialog.getByRole('button', { name: '删除' }).click()
  await page.waitForFunction(() => document.querySelectorAll('article').length === 1)

  const link = (title: string) => page.getByRole('link', { name: title, exact: true })
  const options = async (title: string, item: string) => {
    await button(page, `选项：${title}`).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  await showList(page, phone)
  await options('Apples', '重命名')
  await page.getByRole('textbox', { name: '标题' }).fill('Oranges')
  await page.keyboard.press('Enter')
  await link('Oranges').waitFor()
  await options('Oranges', '置顶')
  await page.getByRole('region', { name: '置顶' }).getByRole('link', { name: 'Oranges' }).waitFor()
  await options('Pears', '标签')
  await page.getByRole('textbox', { name: '新标签' }).fill('水果')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: '水果' }).and(page.locator(':checked')).waitFor()
  await checkPage(page, phone, 'library-tags')
  await page.keyboard.press('Escape')
  await options('Plums', '删除')
  await link('Plums').waitFor({ state: 'detached' })
  await shoot(page, 'library-undo')
  await button(page, '撤销').click()
  await link('Plums').waitFor()
  await button(page, '多选').click()
  for (const title of ['Pears', 'Plums']) await page.getByRole('checkbox', { name: title }).check()
  await checkPage(page, phone, 'library-several')
  await button(page, '归档').last().click()
  await page.getByText('已更改 2 个对话。').waitFor()
  await button(page, '归档').click()
  await options('Pears', '移出归档')
  await link('Pears').waitFor({ state: 'detached' })
  await button(page, '返回对话列表').click()
  await link('Pears').waitFor()
  await button(page, '搜索').click()
  await page.getByRole('searchbox', { name: '搜索' }).fill('问法')
  await page.locator('mark').first().waitFor()
  await checkPage(page, phone, 'library-search')
  await page.locator('.hit').first().click()
  await article('换一种问法').waitFor()
  expect(house.complaints).toEqual([])
})

test('an answer that nobody has looked at is marked until it is opened, over a reload too', async () => {
  await using house = await openHouse(browser, embeddedStack, phone)
  const { page, app, context } = house
  const title = 'Internationalisation of electroencephalographic counterrevolutions'
  const marked = page.getByRole('link', { name: `${title} (有新回答)` })
  const plain = page.getByRole('link', { name: title, exact: true })
  const read = async () => {
    await marked.click()
    await page.getByRole('article').first().waitFor()
    await showList(page, phone)
    await plain.waitFor()
  }
  await page.goto(app.url)
  await ask(page, phone, 'First')
  const first = await house.nextAnswer(title)
  first.say('Alpha')
  await page.getByText('Alpha').waitFor()
  await page.getByRole('button', { name: words[phone.locale].newChat }).click()
  await showList(page, phone)
  await page.getByRole('link', { name: `${title} (正在生成回答)` }).waitFor()
  first.end()
  await marked.waitFor()
  // Longer than the list is wide, and its mark is seen all the same.
  expect(await marked.evaluate(showsItsDot)).toBe(true)
  await page.reload()
  await showList(page, phone)
  await marked.waitFor()
  await checkAccessible(page)
  await shoot(page, 'unread')

  // Somebody else in the same browser has marks of his own, and takes none away.
  const session = { password: house.password, session: 'cookie' }
  const comeIn = async (path: string, who: object) => {
    // What is open would ask for what the other one does not have.
    await page.goto('about:blank')
    const response = await context.request.post(`${app.url}/api/v1/auth/${path}`, {
      data: { ...session, ...who },
    })
    expect(response.ok()).toBe(true)
    await page.goto(app.url)
  }
  await comeIn('register', { email: 'another@example.com' })
  await ask(page, phone, 'Anything')
  await answer(house, phone, 'Gamma', 'Two')
  await comeIn('login', { identifier: house.email })
  await showList(page, phone)
  await read()
  await page.reload()
  await showList(page, phone)
  await plain.waitFor()

  // It ends while another page is open.
  await plain.click()
  await ask(page, phone, 'Second')
  const second = await house.nextAnswer()
  second.say('Beta')
  await page.getByText('Beta').waitFor()
  await page.goto(`${app.url}/docs`)
  second.end()
  await allAnswered(house)
  await page.goto(app.url)
  await showList(page, phone)
  await marked.waitFor()

  // Another device has not waited for it.
  const other = await visit(browser, phone)
  await other.context.addCookies(await context.cookies())
  await other.context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  await other.page.goto(app.url)
  await showList(other.page, phone)
  await other.page.getByRole('link', { name: title, exact: true }).waitFor()
  await other.context.close()

  await read()
  expect(house.complaints).toEqual([])
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** As the list has it. */
async function allAnswered({ app, context }: House): Promise<void> {
  for (;;) {
    const { items } = await (await context.request.get(`${app.url}/api/v1/conversations`)).json()
    if (items.every((one: { active_turn_id: string | null }) => one.active_turn_id === null)) return
    await Bun.sleep(20)
  }
}

/** Both measured at once: the list may still be sliding in. */
function showsItsDot(row: Element): boolean {
  const dot = row.querySelector('[aria-hidden]')?.getBoundingClientRect()
  return dot !== undefined && dot.width > 4 && dot.right <= row.getBoundingClientRect().right
}
