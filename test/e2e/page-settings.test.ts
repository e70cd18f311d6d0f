import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, type Look, looks, visit } from '../support/web-page.ts'

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

async function check(page: Page, look: Look, name: string) {
  await checkPage(page, look, `settings-${name}`)
}

describe('the settings', () => {
  test('name, address, password and sessions', async () => {
    const { context, page, complaints, email, open } = await comeIn(english, 'ann')
    await (await comeIn(english, 'taken')).context.close()
    await open('profile')
    const save = page.getByRole('button', { name: 'Save' })
    expect(await save.isDisabled()).toBe(true)
    await page.getByLabel('Display name').fill('Ann Other')
    await page.getByLabel('User name').fill('no')
    await save.click()
    await page.getByText('3 to 20 letters').and(page.locator('.refusal')).waitFor()
    await page.getByLabel('User name').fill('ann_other')
    await page.getByLabel('E-mail').fill('taken@example.com')
    await page.getByLabel('Current password').fill('not this one 1')
    await save.click()
    await page.getByText('This is not your current password.').waitFor()
    await check(page, english, 'profile')
    await page.getByLabel('Current password').fill(password)
    await save.click()
    await page.getByText('Another account has this e-mail address.').waitFor()
    await page.getByLabel('E-mail').fill(email)
    await save.click()
    await page.getByRole('status').getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Account: Ann Other' }).waitFor()

    await logInElsewhere('ann_other')
    await page.getByRole('link', { name: 'Security' }).click()
    const sessions = page.getByRole('main').getByRole('listitem')
    await sessions.getByText('curl').waitFor()
    expect(await sessions.count()).toBe(2)
    await page.getByRole('button', { name: 'End the session: curl' }).click()
    await page.getByText('You are logged in nowhere else.').waitFor()
    await logInElsewhere(email)
    await page.reload()
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password', { exact: true }).fill('vexing-8 quince')
    await page.getByLabel('New password, once more').fill('vexing-9 quince')
    await page.getByText('The two are not the same.').waitFor()
    await page.getByLabel('New password, once more').fill('vexing-8 quince')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The password is changed.').waitFor()
    await page.getByText('You are logged in nowhere else.').waitFor()
    expect((await logInElsewhere(email)).status).toBe(401)
    expect((await logInElsewhere(email, 'vexing-8 quince')).status).toBe(200)
    await page.reload()
    await page.getByRole('button', { name: 'End all other sessions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End all other sessions' }).click()
    await page.getByText('You are logged in nowhere else.').waitFor()
    await check(page, english, 'security')
    // The refusals above: the browser writes each of them down.
    expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual([])
    await context.close()
  })

  test('keys are made, shown once, changed and revoked', async () => {
    const { context, page, complaints, open } = await comeIn(chinese, 'keys')
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open('keys')
    await page.getByText('还没有创建密钥。').waitFor()
    await page.getByRole('button', { name: '创建密钥' }).click()
    const dialog = page.getByRole('dialog')
    const make = dialog.getByRole('button', { name: '创建密钥' })
    await dialog.getByLabel('名称').fill('笔记本')
    await dialog.getByRole('checkbox', { name: '生成图片' }).uncheck()
    await dialog.getByLabel('最后有效日').fill('2099-12-31')
    await dialog.getByLabel('仅限以下地址').fill('nonsense')
    await dialog.getByText('单独的限额').click()
    await dialog.getByLabel('每日 Token 数').fill('1.5')
    expect(await make.isDisabled()).toBe(true)
    await dialog.getByLabel('每日 Token 数').fill('5000')
    await make.click()
    await dialog
      .getByText('请选择今后十年内的日期。')
      .or(dialog.getByText('请填写地址或网段'))
      .first()
      .waitFor()
    await dialog.getByLabel('最后有效日').fill('')
    await dialog.getByLabel('仅限以下地址').fill('127.0.0.1')
    await check(page, chinese, 'key-form')
    await make.click()
    const shown = await dialog.getByLabel('密钥', { exact: true }).inputValue()
    expect(shown).toStartWith('cc-')
    await check(page, chinese, 'key-made')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '取消' }).click()
    await dialog.getByRole('button', { name: '复制密钥' }).click()
    await dialog.getByText('密钥已复制。').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    await dialog.getByRole('button', { name: '完成' }).click()
    await page.getByText('有单独限额').waitFor()
    expect(await page.content()).not.toContain(shown)
    const used = await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${shown}` } })
    expect(used.status).toBe(200)

    await page.getByRole('button', { name: '密钥选项：笔记本' }).click()
    await page.getByRole('menuitem', { name: '修改' }).click()
    expect(await dialog.getByLabel('每日 Token 数').inputValue()).toBe('5000')
    await dialog.getByLabel('名称').fill('台式机')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByRole('button', { name: '密钥选项：台式机' }).click()
    await page.getByRole('menuitem', { name: '撤销' }).click()
    await page.getByRole('button', { name: '撤销' }).last().click()
    await page.getByText('还没有创建密钥。').waitFor()
    const refused = await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${shown}` } })
    expect(refused.status).toBe(401)
    expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual([])
    await context.close()
  })

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
