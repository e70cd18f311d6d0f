import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, type Look, looks, shoot, visit } from '../support/web-page.ts'
import { changeBalance, giveLimits, lookOnTablet, makePlan, sortPeople } from './admin-steps.ts'

setDefaultTimeout(60_000)

const [english, chinese] = looks
const root = { identifier: 'root@example.com', password: 'vexing-7 quince' }
const secret = 'sk-good-0123456789abcd'

let browser: Browser
let app: BinaryOnStack
let provider: ReturnType<typeof startProvider>

beforeAll(async () => {
  browser = await startChromium()
  provider = startProvider()
  app = await startBinaryOnStack(embeddedStack, {
    env: { ADMIN_EMAIL: root.identifier, ADMIN_PASSWORD: root.password },
  })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
  await provider?.stop(true)
})

/** It lists two models to whoever has the key. */
function startProvider() {
  return Bun.serve({
    port: 0,
    fetch: ({ headers }) =>
      headers.get('authorization') === `Bearer ${secret}`
        ? Response.json({ object: 'list', data: [{ id: 'one' }, { id: 'two' }] })
        : Response.json({ error: { message: 'no such key' } }, { status: 401 }),
  })
}

function post(path: string, body: object) {
  return fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function comeIn(look: Look, person = root) {
  const { context, page, complaints } = await visit(browser, look)
  const data = { ...person, session: 'cookie' }
  const response = await context.request.post(`${app.url}/api/v1/auth/login`, { data })
  expect(response.status()).toBe(200)
  await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  return { context, page, complaints }
}

async function check(page: Page, look: Look, name: string) {
  await page.getByRole('progressbar', { name: /加载中|Loading/ }).waitFor({ state: 'detached' })
  await checkPage(page, look, `admin-${name}`)
}

describe('the administration', () => {
  test('users are made, found, changed, banned and let in again; all of it is written down', async () => {
    const { context, page, complaints } = await comeIn(english)
    await page.goto(`${app.url}/`)
    await page.getByRole('button', { name: 'Account: root@example.com' }).click()
    await page.getByRole('menuitem', { name: 'Administration' }).click()
    await page.getByText('Built in').waitFor()
    await page.getByText('Kept on this disk').waitFor()
    await page.getByText(/^Bun .* PostgreSQL 18/).waitFor()
    await check(page, english, 'overview')
    await page.getByRole('link', { name: 'Users' }).click()
    expect(new URL(page.url()).pathname).toBe('/admin/users')
    await page.reload()

    await page.getByRole('button', { name: 'Make an account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail', { exact: true }).fill(root.identifier)
    await dialog.getByRole('button', { name: 'Make an account' }).click()
    await dialog.getByText('Another account has this e-mail address.').waitFor()
    await dialog.getByLabel('E-mail', { exact: true }).fill('ann@example.com')
    await dialog.getByLabel('Display name').fill('Ann')
    await shoot(page, 'admin-en-GB-new-user')
    await dialog.getByRole('button', { name: 'Make an account' }).click()
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Close all the same' }).click()
    const token = new URL(link).searchParams.get('token') ?? new URL(link).hash.split('=')[1]
    const password = 'plinth-8 umbra'
    expect((await post('/api/v1/auth/reset-password', { token, new_password: password })).status).toBe(204)
    const ann = { identifier: 'ann@example.com', password }
    expect((await post('/api/v1/auth/login', ann)).status).toBe(200)

    const rows = page.getByRole('main').getByRole('row')
    await page.getByRole('cell', { name: 'Ann ann@example.com' }).waitFor()
    expect(await rows.count()).toBe(3)
    await sortPeople(page)
    await lookOnTablet(page)
    await page.setViewportSize(english.viewport)
    await page.getByLabel('Find users').fill('ann@')
    await page.getByRole('cell', { name: 'root@example.com', exact: true }).waitFor({ state: 'detached' })
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'Actions: Ann' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await choose('Role and plan…')
    await dialog.getByLabel('Plan').selectOption('free')
    await dialog.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('cell', { name: 'free' }).waitFor()
    await giveLimits(page, choose, () => check(page, english, 'limits'))
    await changeBalance(page, choose, () => check(page, english, 'balance'))
    await choose('Send a password mail')
    await dialog.getByText('A link for a new password is sent to ann@example.com.').waitFor()
    await dialog.getByRole('button', { name: 'Send a password mail' }).click()
    await page.getByText('The mail is on its way.').waitFor()
    await choose('End all sessions')
    await dialog.getByRole('button', { name: 'End all sessions' }).click()
    await page.getByText('All sessions have ended.').waitFor()
    await choose('Ban')
    await dialog.getByText('All sessions and API keys stop working').waitFor()
    await dialog.getByLabel('Reason').fill('spam')
    await shoot(page, 'admin-en-GB-ban')
    await dialog.getByRole('button', { name: 'Ban' }).click()
    await page.getByRole('cell', { name: 'Banned' }).waitFor()
    await check(page, english, 'users')
    expect((await post('/api/v1/auth/login', ann)).status).toBe(401)
    await page.getByLabel('Status').selectOption({ label: 'Active' })
    await page.getByText('Nobody is like that.').waitFor()
    await page.getByLabel('Status').selectOption({ label: 'Banned' })
    await choose('Lift the ban')
    await dialog.getByRole('button', { name: 'Lift the ban' }).click()
    await page.getByText('Nobody is like that.').waitFor()
    expect((await post('/api/v1/auth/login', ann)).status).toBe(200)

    await page.getByLabel('Find users').fill('')
    await page.getByLabel('Status').selectOption({ label: 'All' })
    await page.getByRole('button', { name: 'Actions: root@example.com' }).click()
    await page.getByRole('menuitem', { name: 'Ban' }).click()
    await dialog.getByRole('button', { name: 'Ban' }).click()
    await dialog.getByText('The last administrator stays one.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await makePlan(page, () => check(page, english, 'plans'))

    const conversations = `${app.url}/api/v1/conversations`
    const { id } = await (await context.request.post(conversations, { data: { title: 'One' } })).json()
    const asked = await context.request.post(`${conversations}/${id}/messages`, { data: { content: 'Hi' } })
    expect(asked.ok()).toBe(true)
    await page.getByRole('link', { name: 'Usage' }).click()
    await page.getByRole('row', { name: /^root@example.com \d 0%/ }).waitFor()
    await page.getByLabel('By', { exact: true }).selectOption({ label: 'Model' })
    await page.getByRole('cell', { name: 'root@example.com' }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /^All models 1 [\d.]+ s \/ [\d.]+ s / }).waitFor()
    await check(page, english, 'usage')
    await page.getByLabel('Last day').fill('2020-01-31')
    await page.getByText('Nothing was used in these days.').waitFor()

    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('row', { name: /^Last hour 1 0 \(0%\)/ }).waitFor()
    await page.getByText('Nothing has failed in the last 24 hours.').waitFor()

    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByRole('cell', { name: 'Ban lifted' }).waitFor()
    await page.getByLabel('Act', { exact: true }).selectOption({ label: 'Banned' })
    await page.getByRole('cell', { name: 'Ban lifted' }).waitFor({ state: 'detached' })
    expect(await rows.count()).toBe(2)
    await page.getByText('1 field').click()
    await page.getByText('spam').waitFor()
    await check(page, english, 'log')
    // The refusals above: the browser writes each of them down.
    expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual([])
    await context.close()
  })

  test('keys are entered and tried, models told of, people invited, the site renamed; on a phone', async () => {
    const { context, page, complaints } = await comeIn(chinese)
    const dialog = page.getByRole('dialog')
    const open = (part: string) => page.getByRole('link', { name: part, exact: true }).click()
    await page.goto(`${app.url}/admin/keys`)
    await page.getByText('尚未添加密钥。').waitFor()
    await page.getByRole('button', { name: '添加密钥' }).click()
    await dialog.getByLabel('服务商', { exact: true }).selectOption({ label: '其他服务商…' })
    await dialog.getByLabel('服务商名称').fill('nearby')
    await dialog.getByLabel('密钥', { exact: true }).fill(secret)
    await dialog.getByLabel('地址').fill('http://192.0.2.1/v1')
    await dialog.getByRole('button', { name: '添加密钥' }).click()
    await dialog.getByText('请填写 https 地址').waitFor()
    await dialog.getByLabel('地址').fill(`${provider.url.origin}/v1`)
    await shoot(page, 'admin-zh-CN-new-key')
    await dialog.getByRole('button', { name: '添加密钥' }).click()
    await page.getByText('…abcd').waitFor()
    await page.getByRole('button', { name: '测试：nearby' }).click()
    await page.getByText('共有 2 个模型').waitFor()
    expect(await page.content()).not.toContain(secret)
    await page.getByRole('button', { name: '操作：nearby' }).click()
    await page.getByRole('menuitem', { name: '修改' }).click()
    await dialog.getByLabel('密钥', { exact: true }).fill('sk-wrong-0123456789')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByText('…6789').waitFor()
    await page.getByRole('button', { name: '测试：nearby' }).click()
    await page.getByText('服务商拒绝了该密钥（HTTP 401）').waitFor()
    await check(page, chinese, 'keys')

    await open('模型')
    await page.getByRole('button', { name: '添加模型' }).click()
    await dialog.getByLabel('服务商', { exact: true }).selectOption('nearby')
    await dialog.getByLabel('服务商处的名称').fill('one')
    await dialog.getByLabel('显示名称').fill('一号')
    await dialog.getByLabel('输入', { exact: true }).fill('2.5')
    await dialog.getByLabel('上下文').fill('12')
    await dialog.getByRole('button', { name: '添加模型' }).click()
    await dialog.getByText('至少 1,024').waitFor()
    await dialog.getByLabel('上下文').fill('64000')
    await dialog.getByLabel('输出', { exact: true }).fill('10')
    await check(page, chinese, 'new-model')
    await dialog.getByRole('button', { name: '添加模型' }).click()
    await page.getByText('nearby/one').waitFor()
    await page.getByRole('button', { name: '操作：一号' }).click()
    await page.getByRole('menuitem', { name: '停用' }).click()
    await dialog.getByText('从现在起无人可以选择它').waitFor()
    await dialog.getByRole('button', { name: '停用' }).click()
    await page.getByRole('cell', { name: '已停用' }).waitFor()
    await check(page, chinese, 'models')
    await page.getByRole('button', { name: '操作：一号' }).click()
    await page.getByRole('menuitem', { name: '修改' }).click()
    expect(await dialog.getByLabel('输入', { exact: true }).inputValue()).toBe('2.5')
    await dialog.getByRole('checkbox', { name: '用户可以使用' }).check()
    await dialog.getByLabel('每张图片的价格').fill('0.04')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByText(/每张 \$0\.04/).waitFor()
    await page.getByRole('cell', { name: '使用中' }).waitFor()

    await open('站点设置')
    await page.getByLabel('站点名称').fill('云上小站')
    await page.getByLabel('注册方式').selectOption({ label: '邀请制' })
    await page.getByLabel('默认模型').selectOption({ label: '一号' })
    await page.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('只有持有邀请的人可以注册账号。').waitFor()
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存', { exact: true }).waitFor()
    await check(page, chinese, 'settings')
    expect(await page.title()).toContain('云上小站')

    await open('邀请')
    await page.getByRole('button', { name: '创建邀请' }).click()
    await dialog.getByLabel('备注').fill('给小李')
    await dialog.getByRole('button', { name: '创建邀请' }).click()
    const invite = new URL(await dialog.getByLabel('链接', { exact: true }).inputValue())
    expect(invite.pathname).toBe('/register')
    await dialog.getByRole('button', { name: '完成' }).click()
    await page.getByRole('button', { name: '仍然关闭' }).click()
    const newcomer = { email: 'li@example.com', password: 'plinth-8 umbra', session: 'cookie' }
    expect((await post('/api/v1/auth/register', newcomer)).status).not.toBe(201)
    const invite_code = invite.searchParams.get('invite')
    expect((await post('/api/v1/auth/register', { ...newcomer, invite_code })).status).toBe(201)
    await page.reload()
    await page.getByRole('cell', { name: '已用完' }).waitFor()
    await check(page, chinese, 'invites')
    await page.getByRole('button', { name: /^撤回 …/ }).click()
    await dialog.getByRole('button', { name: '撤回' }).click()
    await page.getByText('还没有邀请。').waitFor()
    await open('充值码')
    await page.getByRole('button', { name: '生成充值码' }).click()
    await dialog.getByLabel('每个面额').fill('12.5')
    await dialog.getByLabel('数量').fill('2')
    await dialog.getByRole('button', { name: '生成充值码' }).click()
    const codes = (await dialog.getByLabel('充值码', { exact: true }).inputValue()).split('\n')
    expect(new Set(codes).size).toBe(2)
    await dialog.getByRole('button', { name: '完成' }).click()
    await page.getByRole('button', { name: '仍然关闭' }).click()
    await page.getByRole('cell', { name: '$12.5' }).last().waitFor()
    await check(page, chinese, 'codes')
    const shownIn = { 用户: 'li@example.com', 审计日志: '生成充值码', 概况: 'nearby' }
    for (const [part, shown] of Object.entries(shownIn)) {
      await open(part)
      await page.getByRole('main').getByText(shown).last().waitFor()
      if (part === '用户') {
        await page.getByLabel('排序').selectOption({ label: '用户 ↓' })
        await page.getByRole('row').first().getByText('root@example.com').waitFor()
      }
      await shoot(page, `admin-zh-CN-${part}`)
    }
    expect(complaints.filter((text) => !text.includes('status of 4'))).toEqual([])
    await context.close()

    const li = await comeIn(chinese, { identifier: newcomer.email, password: newcomer.password })
    await li.page.goto(`${app.url}/admin/users`)
    await li.page.getByText('此页面仅供管理员使用').waitFor()
    await li.page.getByRole('button', { name: '显示侧栏' }).click()
    await li.page.getByRole('button', { name: /^账号：/ }).click()
    await li.page.getByRole('menuitem', { name: '设置' }).waitFor()
    expect(await li.page.getByRole('menuitem', { name: '管理', exact: true }).count()).toBe(0)
    await li.context.close()
  })
})
