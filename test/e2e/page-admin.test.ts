import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { APIRequestContext, Browser } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { showList } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, type Look, looks, shoot, visit } from '../support/web-page.ts'
import { peopleWords } from './admin-people-words.ts'
import {
  addModel,
  enterKey,
  invite,
  makeCodes,
  removeKey,
  removeModel,
  seeFailure,
  seeUsage,
  setSite,
  spoilKey,
  startProvider,
  wordsOf,
} from './admin-site-steps.ts'
import {
  changeBalance,
  choose,
  deleteAccount,
  giveLimits,
  lookOnTablet,
  makePlan,
  open,
  rowOf,
  sortPeople,
} from './admin-steps.ts'
import { adminWords } from './admin-words.ts'

setDefaultTimeout(60_000)

const [english] = looks
const root = { identifier: 'root@example.com', password: 'vexing-7 quince' }

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

function post(path: string, body: object, headers: Record<string, string> = {}) {
  return fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

async function comeIn(look: Look) {
  const { context, page, complaints } = await visit(browser, look)
  const data = { ...root, session: 'cookie' }
  const response = await context.request.post(`${app.url}/api/v1/auth/login`, { data })
  expect(response.status()).toBe(200)
  await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  const check = async (name: string) => {
    await page.getByRole('progressbar', { name: /加载中|Loading/ }).waitFor({ state: 'detached' })
    await checkPage(page, look, `admin-${name}`)
  }
  return { context, page, look, complaints, check, request: context.request }
}

/** In a conversation of his own, of whoever answers where none is named. */
async function ask(request: APIRequestContext): Promise<{ status: number; text: string }> {
  const conversations = `${app.url}/api/v1/conversations`
  const { id } = await (await request.post(conversations, { data: { title: 'One' } })).json()
  const asked = await request.post(`${conversations}/${id}/messages`, { data: { content: 'Hi' } })
  return { status: asked.status(), text: await asked.text() }
}

for (const look of looks) {
  const ann =
    look === english
      ? { name: 'Ann', email: 'ann@example.com' }
      : { name: 'Lan 兰', email: 'lan@example.com' }
  const model = look === english ? 'Number One' : '一号'

  describe(`the administration; ${look.locale}`, () => {
    test('users are made, found, changed, banned and let in again; all of it is written down', async () => {
      const t = { ...adminWords[look.locale], ...peopleWords[look.locale] }
      const at = await comeIn(look)
      const { context, page, complaints, check } = at
      const dialog = page.getByRole('dialog')
      await page.goto(`${app.url}/`)
      await showList(page, look)
      await page.getByRole('button', { name: t.account(root.identifier) }).click()
      await page.getByRole('menuitem', { name: t.administration, exact: true }).click()
      await page.getByText(t.overview.builtIn).first().waitFor()
      await page.getByText(t.overview.disk).waitFor()
      await page.getByText(/^Bun .* PostgreSQL 18/).waitFor()
      await check('overview')
      await open(at, 'users')
      expect(new URL(page.url()).pathname).toBe('/admin/users')
      await page.reload()

      await page.getByRole('button', { name: t.newUser }).click()
      await dialog.getByLabel(t.email, { exact: true }).fill(root.identifier)
      await dialog.getByRole('button', { name: t.newUser }).click()
      await dialog.getByText(t.emailTaken).waitFor()
      await dialog.getByLabel(t.email, { exact: true }).fill(ann.email)
      await dialog.getByLabel(t.displayName).fill(ann.name)
      await shoot(page, `admin-${look.locale}-new-user`)
      await dialog.getByRole('button', { name: t.newUser }).click()
      const link = await dialog.getByLabel(t.link, { exact: true }).inputValue()
      await dialog.getByRole('button', { name: t.done }).click()
      await page.getByRole('button', { name: t.closeAnyway }).click()
      const token = new URL(link).searchParams.get('token') ?? new URL(link).hash.split('=')[1]
      const password = 'plinth-8 umbra'
      expect((await post('/api/v1/auth/reset-password', { token, new_password: password })).status).toBe(204)
      const logIn = async () => (await post('/api/v1/auth/login', { identifier: ann.email, password })).status
      expect(await logIn()).toBe(200)

      await page.getByRole('cell', { name: ann.email }).waitFor()
      if (look === english) {
        await sortPeople(page)
        await lookOnTablet(page)
        await page.setViewportSize(look.viewport)
      } else {
        await page.getByLabel(t.sortBy).selectOption({ label: `${t.user} ↓` })
        await page.getByRole('row').first().getByText(root.identifier).waitFor()
      }
      await page.getByLabel(t.find).fill(ann.email.slice(0, 5))
      await rowOf(page, root.identifier).waitFor({ state: 'detached' })
      const filter = (label: string) =>
        page.getByRole('main').getByRole('search').getByLabel(label, { exact: true })

      await choose(at, ann.name, t.changeUser)
      await dialog.getByLabel(t.plan).selectOption('free')
      await dialog.getByLabel(t.role).selectOption({ label: t.administrator })
      await dialog.getByRole('button', { name: t.change }).click()
      await page.getByRole('cell', { name: 'free' }).waitFor()
      await page.getByRole('cell', { name: t.administrator }).waitFor()
      await filter(t.plan).selectOption('free')
      await filter(t.role).selectOption({ label: t.user })
      await page.getByText(t.nobody).waitFor()
      await filter(t.role).selectOption({ label: t.administrator })
      await page.getByRole('cell', { name: ann.email }).waitFor()
      await choose(at, ann.name, t.changeUser)
      await dialog.getByLabel(t.role).selectOption({ label: t.user })
      await dialog.getByRole('button', { name: t.change }).click()
      await page.getByText(t.nobody).waitFor()
      await filter(t.role).selectOption({ label: t.all })
      await page.getByRole('cell', { name: ann.email }).waitFor()

      await giveLimits(at, ann)
      await changeBalance(at, ann)
      await choose(at, ann.name, t.sendMail)
      await dialog.getByText(t.sendMailText(ann.email)).waitFor()
      await dialog.getByRole('button', { name: t.sendMail }).click()
      await page.getByText(t.mailSent).waitFor()
      await choose(at, ann.name, t.endSessions)
      await dialog.getByRole('button', { name: t.endSessions }).click()
      await page.getByText(t.sessionsEnded).waitFor()
      await choose(at, ann.name, t.ban)
      await dialog.getByText(t.banText).waitFor()
      await dialog.getByLabel(t.reason).fill(`spam of ${ann.name}`)
      await shoot(page, `admin-${look.locale}-ban`)
      await dialog.getByRole('button', { name: t.ban }).click()
      await page.getByRole('cell', { name: t.banned }).waitFor()
      await check('users')
      expect(await logIn()).toBe(401)
      await filter(t.status).selectOption({ label: t.active })
      await page.getByText(t.nobody).waitFor()
      await filter(t.status).selectOption({ label: t.banned })
      await choose(at, ann.name, t.unban)
      await dialog.getByRole('button', { name: t.unban }).click()
      await page.getByText(t.nobody).waitFor()
      expect(await logIn()).toBe(200)

      await page.getByLabel(t.find).fill('')
      await filter(t.status).selectOption({ label: t.all })
      await filter(t.plan).selectOption({ label: t.all })
      await rowOf(page, root.identifier).waitFor()
      await choose(at, root.identifier, t.ban)
      await dialog.getByRole('button', { name: t.ban }).click()
      await dialog.getByText(t.lastAdmin).waitFor()
      await dialog.getByRole('button', { name: t.cancel }).click()

      await deleteAccount(at, ann, root.identifier)
      expect(await logIn()).toBe(401)
      await makePlan(at)

      await open(at, 'log')
      await rowOf(page, t.log.unbanned).waitFor()
      await rowOf(page, t.log.deleted).waitFor()
      await page.getByLabel(t.log.act, { exact: true }).selectOption({ label: t.log.banned })
      await page.getByRole('cell', { name: t.log.unbanned }).first().waitFor({ state: 'detached' })
      await page.getByText(t.log.oneField).first().click()
      await page.getByText(t.reason, { exact: true }).first().waitFor()
      await page.getByText(`spam of ${ann.name}`).waitFor()
      await check('log')
      // By the address of an account that is gone.
      await page.getByLabel(t.log.target, { exact: true }).fill(`nobody of ${ann.email}`)
      await page.getByText(t.log.none).waitFor()
      await page.getByLabel(t.log.target, { exact: true }).fill(ann.email)
      await page.getByText(`spam of ${ann.name}`).waitFor({ state: 'attached' })
      await page.getByLabel(t.log.actor, { exact: true }).fill(ann.email)
      await page.getByText(t.log.none).waitFor()
      // The refusals above: the browser writes each of them down.
      expect(complaints.filter((text) => !text.includes('the server responded with a status of 4'))).toEqual(
        [],
      )
      await context.close()
    })

    test('keys are entered and tried, models told of, people invited, the site renamed', async () => {
      const at = await comeIn(look)
      const { context, page, complaints, request } = at
      const t = wordsOf(at)
      await page.goto(`${app.url}/`)
      await enterKey(at, `${provider.url.origin}/v1`)
      await addModel(at, model)
      const wish = { name: `Site of ${model}`, footer: `ICP ${model}`, model }
      await setSite(at, { ...wish, registration: t.byInvitation, meaning: t.byInvitationText })
      await at.check('settings')
      await page.waitForFunction((name) => document.title.includes(name), wish.name)
      await invite(at, browser, wish.footer)
      await makeCodes(at)

      const answer = await ask(request)
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('From nearby')])
      const name = `Key ${model}`
      const { key } = await (await request.post(`${app.url}/api/v1/keys`, { data: { name } })).json()
      const question = { model: 'nearby/one', stream: true, messages: [{ role: 'user', content: 'Hi' }] }
      const relayed = await post('/v1/chat/completions', question, { authorization: `Bearer ${key}` })
      expect(await relayed.text()).toContain('From nearby')
      await seeUsage(at, name, root.identifier)

      await spoilKey(at)
      expect((await ask(request)).status).toBe(502)
      await seeFailure(at, model)
      const last =
        look === english
          ? { registration: t.closed, meaning: t.closedText }
          : { registration: t.open, meaning: t.openText }
      await setSite(at, { name: '', footer: '', model: t.asEnvironment, ...last })
      await page.waitForFunction(() => document.title.includes('CloudChat'))
      await removeModel(at, model)
      await removeKey(at)
      const visitor = await visit(browser, look)
      await visitor.page.goto(`${app.url}/register`)
      await (look === english
        ? visitor.page.getByText(t.registrationClosed)
        : visitor.page.getByRole('button', { name: t.register })
      )
        .first()
        .waitFor()
      await visitor.context.close()
      expect(complaints.filter((text) => !/status of (4|502)/.test(text))).toEqual([])
      await context.close()
    })
  })
}
