import { expect } from 'bun:test'
import type { Browser } from 'playwright-core'
import { showList, words } from '../support/page-house.ts'
import { looks, shoot, visit } from '../support/web-page.ts'
import { siteWords } from './admin-site-words.ts'
import { type AtPages, choose, narrow, open, rowOf, sortBy } from './admin-steps.ts'
import { adminWords } from './admin-words.ts'

const goodKey = 'sk-good-0123456789abcd'

/** It lists two models to whoever has the key, and answers him. */
export function startProvider() {
  return Bun.serve({
    port: 0,
    fetch({ headers, url }) {
      if (headers.get('authorization') !== `Bearer ${goodKey}`) {
        return Response.json({ error: { message: 'no such key' } }, { status: 401 })
      }
      if (url.endsWith('/models')) {
        return Response.json({ object: 'list', data: [{ id: 'one' }, { id: 'two' }] })
      }
      const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
      const chunks = [
        { choices: [{ index: 0, delta: { content: 'From nearby' } }] },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage },
      ]
      const text = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
        (data) => `data: ${data}\n\n`,
      )
      return new Response(text.join(''), { headers: { 'content-type': 'text/event-stream' } })
    },
  })
}

export function wordsOf({ look }: AtPages) {
  return { ...adminWords[look.locale], ...siteWords[look.locale] }
}

/** From the chat to the administration, and what is said there of who answers changes with the first key. */
export async function enterKey(at: AtPages, provider: string): Promise<void> {
  const { page, look } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await page.getByText(t.demo).waitFor()
  await showList(page, look)
  await page.getByRole('button', { name: t.account('root@example.com') }).click()
  await page.getByRole('menuitem', { name: t.administration, exact: true }).click()
  await open(at, 'keys')
  await page.getByText(t.noKeys).waitFor()
  await page.getByRole('button', { name: t.newKey }).click()
  await dialog.getByLabel(t.provider, { exact: true }).selectOption({ label: t.anotherProvider })
  await dialog.getByLabel(t.providerName).fill('nearby')
  await dialog.getByLabel(t.key, { exact: true }).fill(goodKey)
  await dialog.getByLabel(t.address).fill('http://192.0.2.1/v1')
  await dialog.getByRole('button', { name: t.newKey }).click()
  await dialog.getByText(t.addressUnfit).waitFor()
  await dialog.getByLabel(t.address).fill(provider)
  await at.check('new-key')
  await dialog.getByRole('button', { name: t.newKey }).click()
  await page.getByText('…abcd').waitFor()
  await page.getByRole('button', { name: t.test('nearby') }).click()
  await page.getByText(t.passed).waitFor()
  expect(await page.content()).not.toContain(goodKey)
  await at.check('keys')
  await narrow(at, { text: '…abcd', find: 'abcd', status: t.disabled })
  await showList(page, look)
  await page.getByRole('button', { name: words[look.locale].newChat }).first().click()
  await page.getByRole('textbox', { name: words[look.locale].message }).waitFor()
  await page.getByText(t.demo).waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByText('…abcd').waitFor()
}

/** With another key, which the provider does not know. */
export async function spoilKey(at: AtPages): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await open(at, 'keys')
  await choose(at, 'nearby', t.change)
  await dialog.getByLabel(t.key, { exact: true }).fill('sk-wrong-0123456789')
  await dialog.getByRole('button', { name: t.save }).click()
  await page.getByText('…6789').waitFor()
  await page.getByRole('button', { name: t.test('nearby') }).click()
  await page.getByText(t.refused).waitFor()
}

export async function removeKey(at: AtPages): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await open(at, 'keys')
  await choose(at, 'nearby', t.disable)
  await dialog.getByText(t.disableKeyText).waitFor()
  await dialog.getByRole('button', { name: t.disable }).click()
  const disabled = page.getByRole('cell', { name: t.disabled })
  await disabled.waitFor()
  await choose(at, 'nearby', t.enable)
  await disabled.waitFor({ state: 'detached' })
  await choose(at, 'nearby', t.delete)
  await dialog.getByText(t.deleteKeyText).waitFor()
  await dialog.getByRole('button', { name: t.delete }).click()
  await page.getByText(t.noKeys).waitFor()
}

export async function addModel(at: AtPages, name: string): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await open(at, 'models')
  await page.getByRole('button', { name: t.newModel }).click()
  await dialog.getByLabel(t.provider, { exact: true }).selectOption('nearby')
  await dialog.getByLabel(t.upstream).fill('one')
  await dialog.getByLabel(t.shownName).fill(name)
  await dialog.getByLabel(t.question, { exact: true }).fill('2.5')
  await dialog.getByLabel(t.context).fill('12')
  await dialog.getByRole('button', { name: t.newModel }).click()
  await dialog.getByText(t.contextUnfit).waitFor()
  await dialog.getByLabel(t.context).fill('64000')
  await dialog.getByLabel(t.answer, { exact: true }).fill('10')
  await at.check('new-model')
  await dialog.getByRole('button', { name: t.newModel }).click()
  await page.getByText('nearby/one').waitFor()
  await choose(at, name, t.disable)
  await dialog.getByText(t.disableModelText).waitFor()
  await dialog.getByRole('button', { name: t.disable }).click()
  await page.getByRole('cell', { name: t.disabled }).waitFor()
  await at.check('models')
  await choose(at, name, t.change)
  expect(await dialog.getByLabel(t.question, { exact: true }).inputValue()).toBe('2.5')
  await dialog.getByRole('checkbox', { name: t.isEnabled }).check()
  await dialog.getByLabel(t.picturePrice).fill('0.04')
  await dialog.getByRole('button', { name: t.save }).click()
  await page.getByText(t.aPicture).waitFor()
  await page.getByRole('cell', { name: t.inUse }).waitFor()
  await narrow(at, { text: name, status: t.disabled, column: t.context })
}

export async function removeModel(at: AtPages, name: string): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  await open(at, 'models')
  await choose(at, name, t.delete)
  await page.getByRole('dialog').getByRole('button', { name: t.delete }).click()
  await page.getByText(t.noModels).waitFor()
}

interface SiteWish {
  name: string
  footer: string
  /** Of the list. */
  model: string
  registration: string
  /** What is asked before it is done. */
  meaning: string
}

export async function setSite(at: AtPages, wish: SiteWish): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await open(at, 'settings')
  await page.getByLabel(t.siteName).fill(wish.name)
  await page.getByLabel(t.footer).fill(wish.footer)
  await page.getByLabel(t.registration).selectOption({ label: wish.registration })
  await page.getByLabel(t.defaultModel).selectOption({ label: wish.model })
  await page.getByRole('button', { name: t.save }).click()
  await dialog.getByText(wish.meaning).waitFor()
  await dialog.getByRole('button', { name: t.save }).click()
  await page.getByText(t.saved, { exact: true }).waitFor()
}

/** One is made, and somebody comes in by its link, who is no administrator; it is withdrawn. */
export async function invite(at: AtPages, browser: Browser, footer: string): Promise<void> {
  const { page, look } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  await open(at, 'invites')
  await page.getByRole('button', { name: t.invite }).click()
  await dialog.getByLabel(t.note).fill('Li')
  const uses = dialog.getByLabel(t.mostUses)
  await uses.fill('200000')
  await dialog.getByRole('button', { name: t.invite }).click()
  await dialog.getByText(t.tooMany).waitFor()
  expect(await uses.evaluate((input) => document.activeElement === input)).toBe(true)
  await uses.fill('1')
  await dialog.getByRole('button', { name: t.invite }).click()
  const link = await dialog.getByLabel(t.link, { exact: true }).inputValue()
  await dialog.getByRole('button', { name: t.done }).click()
  await page.getByRole('button', { name: t.closeAnyway }).click()

  const { context, page: other } = await visit(browser, look)
  await other.goto(link)
  await other.getByText(footer).waitFor()
  expect(await other.getByLabel(t.inviteCode).inputValue()).toBe(
    new URL(link).searchParams.get('invite') ?? '',
  )
  await other.getByRole('textbox', { name: t.email }).fill(`li-${look.viewport.width}@example.com`)
  await other.getByLabel(t.password, { exact: true }).fill('plinth-8 umbra')
  await other.getByRole('main').getByRole('button', { name: t.register }).click()
  await other.getByRole('textbox', { name: words[look.locale].message }).waitFor()
  await other.goto(new URL('/admin/users', link).href)
  await other.getByText(t.onlyAdmins).waitFor()
  await showList(other, look)
  await other.getByRole('button', { name: words[look.locale].account }).click()
  await other.getByRole('menuitem', { name: t.settings, exact: true }).waitFor()
  expect(await other.getByRole('menuitem', { name: t.administration, exact: true }).count()).toBe(0)
  await context.close()

  await page.reload()
  await page.getByRole('cell', { name: t.usedUp }).waitFor()
  await at.check('invites')
  await narrow(at, { text: 'Li', status: t.expired })
  await page.getByRole('button', { name: t.withdrawOne }).click()
  await dialog.getByRole('button', { name: t.withdraw }).click()
  await page.getByText(t.noInvites).waitFor()
}

/** More than a page of them, and one is withdrawn. */
export async function makeCodes(at: AtPages): Promise<void> {
  const { page, look } = at
  const t = wordsOf(at)
  const dialog = page.getByRole('dialog')
  const count = 60
  await open(at, 'codes')
  await page.getByRole('button', { name: t.newCodes }).click()
  await dialog.getByLabel(t.worth).fill('12.5')
  await dialog.getByLabel(t.count, { exact: true }).fill(String(count))
  await dialog.getByRole('button', { name: t.newCodes }).click()
  const codes = (await dialog.getByLabel(t.codes, { exact: true }).inputValue()).split('\n')
  expect(new Set(codes).size).toBe(count)
  await dialog.getByRole('button', { name: t.done }).click()
  await page.getByRole('button', { name: t.closeAnyway }).click()
  await page.getByRole('cell', { name: '$12.5' }).last().waitFor()
  await at.check('codes')
  const [ending = ''] = /.{4}$/.exec(codes[0] ?? '') ?? []
  await narrow(at, { text: `…${ending}`, find: ending, status: t.usedUp, column: t.worthEach })
  await page.getByRole('button', { name: t.more }).waitFor()
  const rows = page.getByRole('button', { name: t.withdrawOne })
  const firstPage = await rows.count()
  await page.getByRole('button', { name: t.more }).click()
  await rows.nth(firstPage).waitFor()
  await rows.first().click()
  await dialog.getByRole('button', { name: t.withdraw }).click()
  await page.getByText(t.codeWithdrawn).waitFor()
  if (look === looks[0]) await page.getByRole('button', { name: t.more }).waitFor()
}

/** What has failed lately, and of which model. */
export async function seeFailure(at: AtPages, model: string): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  await open(at, 'overview')
  const failed = page.getByRole('region', { name: t.overview.failed }).getByRole('row')
  await failed.filter({ hasText: model }).getByText('provider_rejected').waitFor()
  await rowOf(page, t.overview.lastHour).waitFor()
}

/** By what is asked with it as well as by whom, what of, and in what order. */
export async function seeUsage(at: AtPages, key: string, self: string): Promise<void> {
  const { page } = at
  const t = wordsOf(at)
  await open(at, 'usage')
  const by = page.getByLabel(t.usage.by, { exact: true })
  await rowOf(page, self).waitFor()
  await by.selectOption({ label: t.usage.byModel })
  await rowOf(page, self).waitFor({ state: 'detached' })
  await rowOf(page, t.usage.allModels)
    .getByText(/^[\d.]+ (s|秒) \/ [\d.]+ (s|秒)$/)
    .first()
    .waitFor()
  await at.check('usage')
  await by.selectOption({ label: t.usage.byProvider })
  await rowOf(page, 'nearby').waitFor()
  await by.selectOption({ label: t.usage.byKey })
  await rowOf(page, key).waitFor()
  await sortBy(at, t.usage.requests)
  await rowOf(page, key).waitFor()
  const provider = page.getByLabel(t.provider, { exact: true })
  await provider.selectOption('deepseek')
  await page.getByText(t.usage.none).waitFor()
  await provider.selectOption({ label: t.all })
  await rowOf(page, key).waitFor()
  await page.getByLabel(t.usage.lastDay).fill('2020-01-31')
  await page.getByText(t.usage.none).waitFor()
  await page.getByRole('button', { name: t.usage.inAll, exact: true }).click()
  await rowOf(page, key).waitFor()
  expect(await page.getByLabel(t.usage.lastDay).isDisabled()).toBe(true)
  await by.selectOption({ label: t.usage.byProvider })
  await rowOf(page, 'nearby').waitFor()
  await shoot(page, `admin-${at.look.locale}-usage-in-all`)
}
