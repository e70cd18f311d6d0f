import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { showList, words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, type Look, looks, visit } from '../support/web-page.ts'
import { settingsWords } from './settings-words.ts'

setDefaultTimeout(60_000)

const [english, chinese] = looks
const password = 'vexing-7 quince'

let browser: Browser
let app: BinaryOnStack
/** For each look one. */
let codes: { code: string }[]

beforeAll(async () => {
  browser = await startChromium()
  app = await startBinaryOnStack(embeddedStack, {
    env: { DEFAULT_PLAN: 'free', ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: password },
  })
  const { access_token } = await logInElsewhere('admin@example.com')
  const response = await fetch(`${app.url}/api/v1/admin/top-up-codes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ micros: 12_500_000, count: looks.length }),
  })
  codes = (await response.json()).items
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
})

/** Somebody new, logged in. */
async function comeIn(look: Look, name: string) {
  const { context, page, complaints } = await visit(browser, look)
  const email = `${name}@example.com`
  const post = async (path: string, data: object) => {
    const response = await context.request.post(app.url + path, { data })
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`)
    return response.json()
  }
  await post('/api/v1/auth/register', { email, password, session: 'cookie' })
  await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  const open = async (section: string) => {
    await page.goto(`${app.url}/settings#${section}`)
    await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor()
  }
  return { context, page, complaints, email, post, open }
}

/** From another device. */
async function logInElsewhere(email: string, secret = password) {
  const response = await fetch(`${app.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' },
    body: JSON.stringify({ identifier: email, password: secret }),
  })
  return { status: response.status, ...(await response.json()) }
}

/** Another look, another language and back, another model. */
async function prefer(page: Page, look: Look): Promise<void> {
  const names = {
    english: ['Appearance', 'Language', 'Model for new conversations'],
    chinese: ['外观', '语言', '新对话使用的模型'],
  }
  const [own, others] = look === english ? [names.english, names.chinese] : [names.chinese, names.english]
  const [theme = '', language = '', model = ''] = own
  const other = look === english ? 'dark' : 'light'
  await page.getByLabel(theme, { exact: true }).selectOption(other)
  await page.locator(`html[data-theme=${other}]`).waitFor()
  await page.getByLabel(theme, { exact: true }).selectOption('system')
  await page.locator('html:not([data-theme])').waitFor()
  await page.getByLabel(language).selectOption(look === english ? 'zh' : 'en')
  await page.getByLabel(others[1] ?? '').selectOption(look === english ? 'en' : 'zh')
  const chosen = page.getByLabel(model)
  await chosen.selectOption({ index: 1 })
  const id = await chosen.inputValue()
  await page.reload()
  await page.waitForFunction(
    (id) => [...document.querySelectorAll('select')].some(({ value }) => value === id),
    id,
  )
}

async function check(page: Page, look: Look, name: string) {
  await checkPage(page, look, `settings-${name}`)
}

describe('the settings', () => {
  for (const look of looks) {
    test(`name, address, password and sessions; ${look.locale}`, async () => {
      const s = settingsWords[look.locale]
      const name = `ann_${look.locale.slice(0, 2)}`
      const { context, page, complaints, email, open } = await comeIn(look, name)
      const { context: other, email: taken } = await comeIn(look, `taken-${name}`)
      await other.close()
      await open('profile')
      const save = page.getByRole('button', { name: s.save })
      expect(await save.isDisabled()).toBe(true)
      await page.getByLabel(s.displayName).fill('Ann Other')
      await page.getByLabel(s.username).fill('no')
      await save.click()
      await page.getByText(s.usernameUnfit).and(page.locator('.refusal')).waitFor()
      await page.getByLabel(s.username).fill(`${name}_other`)
      await page.getByLabel(s.email).fill(taken)
      await page.getByLabel(s.currentPassword).fill('not this one 1')
      await save.click()
      await page.getByText(s.wrongPassword).waitFor()
      await check(page, look, 'profile')
      await page.getByLabel(s.currentPassword).fill(password)
      await save.click()
      await page.getByText(s.emailTaken).waitFor()
      await page.getByLabel(s.email).fill(email)
      await save.click()
      await page.getByRole('status').getByText(s.saved).waitFor()
      await showList(page, look)
      await page.getByRole('button', { name: s.account }).waitFor()
      if (look === chinese) await page.keyboard.press('Escape')

      await logInElsewhere(`${name}_other`)
      await page.getByRole('link', { name: s.security }).click()
      const sessions = page.getByRole('main').getByRole('listitem')
      await sessions.getByText('curl').waitFor()
      expect(await sessions.count()).toBe(2)
      await page.getByRole('button', { name: s.endSession }).click()
      await page.getByText(s.nowhereElse).waitFor()
      await logInElsewhere(email)
      await page.reload()
      await page.getByLabel(s.currentPassword).fill(password)
      await page.getByLabel(s.newPassword, { exact: true }).fill('vexing-8 quince')
      await page.getByLabel(s.onceMore).fill('vexing-9 quince')
      await page.getByText(s.differ).waitFor()
      await page.getByLabel(s.onceMore).fill('vexing-8 quince')
      await page.getByRole('button', { name: s.changePassword }).click()
      await page.getByText(s.passwordChanged).waitFor()
      await page.getByText(s.nowhereElse).waitFor()
      expect((await logInElsewhere(email)).status).toBe(401)
      expect((await logInElsewhere(email, 'vexing-8 quince')).status).toBe(200)
      await page.reload()
      await page.getByRole('button', { name: s.endOthers }).click()
      await page.getByRole('dialog').getByRole('button', { name: s.endOthers }).click()
      await page.getByText(s.nowhereElse).waitFor()
      await check(page, look, 'security')
      // The refusals above: the browser writes each of them down.
      expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual(
        [],
      )
      await context.close()
    })

    test(`keys are made, shown once, changed and revoked; ${look.locale}`, async () => {
      const s = settingsWords[look.locale]
      const { context, page, complaints, open } = await comeIn(look, `keys-${look.locale.slice(0, 2)}`)
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await open('keys')
      await page.getByText(s.noKey).waitFor()
      await page.getByRole('button', { name: s.makeKey }).click()
      const dialog = page.getByRole('dialog')
      const make = dialog.getByRole('button', { name: s.make })
      await dialog.getByLabel(s.name, { exact: true }).fill('Laptop')
      await dialog.getByRole('checkbox', { name: s.pictures }).uncheck()
      await dialog.getByLabel(s.lastDay).fill('2099-12-31')
      await dialog.getByLabel(s.addresses).fill('nonsense')
      await dialog.getByText(s.limits).click()
      await dialog.getByLabel(s.tokensADay).fill('1.5')
      expect(await make.isDisabled()).toBe(true)
      await dialog.getByLabel(s.tokensADay).fill('5000')
      await make.click()
      await dialog.getByText(s.dayUnfit).or(dialog.getByText(s.addressesUnfit)).first().waitFor()
      await dialog.getByLabel(s.lastDay).fill('')
      await dialog.getByLabel(s.addresses).fill('127.0.0.1')
      await check(page, look, 'key-form')
      await make.click()
      const shown = await dialog.getByLabel(s.key, { exact: true }).inputValue()
      expect(shown).toStartWith('cc-')
      await check(page, look, 'key-made')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: s.cancel }).click()
      await dialog.getByRole('button', { name: s.copyKey }).click()
      await dialog.getByText(s.copied).waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
      await dialog.getByRole('button', { name: s.done }).click()
      await page.getByText(s.ownLimits).waitFor()
      expect(await page.content()).not.toContain(shown)
      const used = await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${shown}` } })
      expect(used.status).toBe(200)

      await page.getByRole('button', { name: s.optionsOf('Laptop') }).click()
      await page.getByRole('menuitem', { name: s.change }).click()
      expect(await dialog.getByLabel(s.tokensADay).inputValue()).toBe('5000')
      await dialog.getByLabel(s.name, { exact: true }).fill('Desktop')
      await dialog.getByRole('button', { name: s.save }).click()
      await page.getByRole('button', { name: s.optionsOf('Desktop') }).click()
      await page.getByRole('menuitem', { name: s.revoke }).click()
      await page.getByRole('button', { name: s.revoke }).last().click()
      await page.getByText(s.noKey).waitFor()
      const refused = await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${shown}` } })
      expect(refused.status).toBe(401)
      expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual(
        [],
      )
      await context.close()
    })
  }

  test('conversations go out as a file and come in again, after a look at it', async () => {
    const ann = await comeIn(english, 'exporter')
    for (const title of ['One', 'Two']) {
      const { id } = await ann.post('/api/v1/conversations', { title })
      await ann.post(`/api/v1/conversations/${id}/messages`, { content: `About ${title}` })
    }
    await ann.open('data')
    const download = ann.page.waitForEvent('download')
    await ann.page.getByRole('button', { name: 'Export', exact: true }).click()
    const buffer = await Bun.file(await (await download).path()).bytes()
    const file = { name: 'export.json', mimeType: 'application/json', buffer: Buffer.from(buffer) }
    await ann.page.getByText('2 conversations are in the file.').waitFor()
    await check(ann.page, english, 'data')
    await ann.context.close()

    const bob = await comeIn(chinese, 'importer')
    const { page } = bob
    await bob.open('data')
    const choose = async (chosen: typeof file) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: '选择文件' }).click()
      await (await chooser).setFiles(chosen)
    }
    await choose({ ...file, buffer: Buffer.from('no archive') })
    await page.getByText('无法读取该文件').waitFor()
    await choose(file)
    await page.getByText('将导入 2 个对话，共 4 条消息。').waitFor()
    expect(await page.getByRole('link', { name: 'One' }).count()).toBe(0)
    await page.getByRole('button', { name: '导入' }).click()
    await page.getByText('已导入 2 个对话，共 4 条消息。').waitFor()
    await check(page, chinese, 'imported')
    await page.getByRole('button', { name: '换一个文件' }).click()
    await choose(file)
    await page.getByText('2 个已经存在。').waitFor()
    expect(await page.getByRole('button', { name: '导入' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: '显示侧栏' }).click()
    await page.getByRole('link', { name: 'Two' }).waitFor()
    expect(bob.complaints.filter((text) => !text.includes('status of 4'))).toEqual([])
    await bob.context.close()
  })

  for (const look of looks) {
    test(`what is written outlives the session; ${look.locale}`, async () => {
      const t = words[look.locale]
      const { context, page, email, open } = await comeIn(look, `kept-${look.locale.toLowerCase()}`)
      for (const section of ['preferences', 'links']) {
        await open(section)
        await page.getByRole('progressbar', { name: /加载中|Loading/ }).waitFor({ state: 'detached' })
        await check(page, look, section)
      }
      await open('preferences')
      await prefer(page, look)
      await open('plan')
      const code = page.getByLabel(look === english ? 'Top-up code' : '充值码')
      const redeem = page.getByRole('button', { name: look === english ? 'Redeem' : '兑换' })
      await code.fill('NONSENSE')
      await redeem.click()
      await page.getByText(look === english ? 'There is no such code' : '没有这个充值码').waitFor()
      await code.fill(codes[looks.indexOf(look)]?.code ?? '')
      await redeem.click()
      await page.locator('.balance').getByText('12.50').waitFor()
      await page.getByRole('row').getByText('12.50').waitFor()
      await check(page, look, 'plan')

      await open('profile')
      const name = page.getByLabel(look === english ? 'Display name' : '昵称')
      await name.fill('Half a na')
      await context.clearCookies()
      const { access_token } = await logInElsewhere(email)
      await fetch(`${app.url}/api/v1/users/me/sessions`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${access_token}` },
      })
      await page.getByText(t.sessionEnded).waitFor()
      await page.getByRole('textbox', { name: t.email }).fill(email)
      await page.getByLabel(t.password, { exact: true }).fill(password)
      await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
      await name.waitFor()
      expect(await name.inputValue()).toBe('Half a na')
      await context.close()
    })
  }
})
