import { expect } from 'bun:test'
import type { Page } from 'playwright-core'
import { type Look, looks, shoot } from '../support/web-page.ts'
import { peopleWords } from './admin-people-words.ts'
import { adminWords } from './admin-words.ts'

/** An administrator at his pages. */
export interface AtPages {
  page: Page
  look: Look
  /** Everybody can use what is there now; it is shot under this name. */
  check(name: string): Promise<void>
}

export interface Somebody {
  name: string
  email: string
}

/** Goes to another part of the administration. */
export async function open({ page, look }: AtPages, part: keyof (typeof adminWords)['en-GB']['parts']) {
  const name = adminWords[look.locale].parts[part]
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('main').getByRole('heading', { name, exact: true }).waitFor()
}

/** What can be done with a row. */
export async function choose({ page, look }: AtPages, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: adminWords[look.locale].actions(name), exact: true }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

/** A row of a table, or what it is on a phone. */
export function rowOf(page: Page, text: string) {
  return page.getByRole('main').getByRole('row').filter({ hasText: text }).first()
}

/** By the heads of the table, or what there is instead where there is no room for heads. */
export async function sortBy({ page, look }: AtPages, column: string): Promise<void> {
  if (look === looks[0]) {
    const head = page.getByRole('columnheader', { name: new RegExp(`^${column}`) }).first()
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    return
  }
  const label = { label: `${column} ↓` }
  await page.getByLabel(adminWords[look.locale].sortBy).selectOption(label)
}

/** By the heads of the table, in which Ann and the administrator are. */
export async function sortPeople(page: Page): Promise<void> {
  const first = page.getByRole('main').getByRole('row').nth(1)
  const head = (name: RegExp) => page.getByRole('columnheader', { name })
  expect(await head(/^Since/).getAttribute('aria-sort')).toBe('descending')
  await first.getByText('ann@example.com').waitFor()
  await head(/^Since/)
    .getByRole('button')
    .click()
  await first.getByText('root@example.com').waitFor()
  expect(await head(/^Since/).getAttribute('aria-sort')).toBe('ascending')
  await head(/^User/).getByRole('button').click()
  await first.getByText('ann@example.com').waitFor()
  expect(await head(/^User/).getAttribute('aria-sort')).toBe('ascending')
  expect(await head(/^Since/).getAttribute('aria-sort')).toBe('none')
}

/** There the table is wider than the page, and what can be done is in sight all the same. */
export async function lookOnTablet(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1024, height: 700 })
  const actions = await page.getByRole('button', { name: 'Actions: Ann' }).boundingBox()
  expect((actions?.x ?? 0) + (actions?.width ?? 0)).toBeLessThanOrEqual(1024)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024)
  await shoot(page, 'admin-en-GB-tablet')
}

/** Of his own, looked at, and taken back. */
export async function giveLimits(at: AtPages, { name, email }: Somebody): Promise<void> {
  const { page } = at
  const t = { ...adminWords[at.look.locale], ...peopleWords[at.look.locale] }
  const dialog = page.getByRole('dialog')
  const used = (text: string) =>
    dialog.getByRole('row').filter({ hasText: t.requestsToday }).getByText(text, { exact: true }).waitFor()
  await choose(at, name, t.limits)
  await used(t.usedOf(0, 50))
  await dialog.getByLabel(t.requestsADay, { exact: true }).selectOption({ label: t.ofOnesOwn })
  await dialog.getByLabel(t.requestsHowMany).fill('7')
  await dialog.getByLabel(t.tokensADay, { exact: true }).selectOption({ label: t.noLimit })
  await dialog.getByLabel(t.timezone).fill('Nowhere')
  await dialog.getByRole('button', { name: t.save }).click()
  await dialog.getByText(t.noTimezone).waitFor()
  await dialog.getByLabel(t.timezone).fill('Asia/Tokyo')
  await dialog.getByRole('button', { name: t.save }).click()
  await page.getByText(t.limitsSaved(email)).waitFor()
  await choose(at, name, t.limits)
  await used(t.usedOf(0, 7))
  expect(await dialog.getByLabel(t.timezone).inputValue()).toBe('Asia/Tokyo')
  await at.check('limits')
  await dialog.getByRole('button', { name: t.takeBack }).click()
  await dialog.getByText(t.takeBackText).waitFor()
  await dialog.getByRole('button', { name: t.takeBack }).last().click()
  await page.getByText(t.takenBack(email)).waitFor()
  await choose(at, name, t.limits)
  await used(t.usedOf(0, 50))
  await dialog.getByRole('button', { name: t.cancel }).click()
}

/** Five are given and two taken, and both are told of. */
export async function changeBalance(at: AtPages, { name, email }: Somebody): Promise<void> {
  const { page } = at
  const t = { ...adminWords[at.look.locale], ...peopleWords[at.look.locale] }
  const dialog = page.getByRole('dialog')
  await choose(at, name, t.balance)
  await dialog.getByLabel(t.add).fill('5')
  await dialog.getByText(t.balanceThen('$5.00')).waitFor()
  await dialog.getByRole('button', { name: t.changeBalance }).click()
  await page.getByText(t.balanceIs(email, '$5.00')).waitFor()
  await choose(at, name, t.balance)
  await dialog.getByLabel(t.add).fill('-2')
  await dialog.getByRole('button', { name: t.changeBalance }).click()
  await dialog.getByText(t.take('$2.00', name)).waitFor()
  await dialog.getByRole('button', { name: t.changeBalance }).last().click()
  await page.getByText(t.balanceIs(email, '$3.00')).waitFor()
  await choose(at, name, t.balance)
  const entries = dialog.getByRole('row').filter({ hasText: t.byAdmin })
  await entries.first().getByText('-$2.00').waitFor()
  await entries.last().getByText('$5.00').waitFor()
  await at.check('balance')
  const cancel = dialog.getByRole('button', { name: t.cancel })
  await cancel.scrollIntoViewIfNeeded()
  expect(await cancel.evaluate(isInFront)).toBe(true)
  await cancel.click()
}

/** The notice of what was changed covers no button. */
function isInFront(button: Element): boolean {
  const { x, y, width, height } = button.getBoundingClientRect()
  return button.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}

/** With the keyboard, once it is clear what will happen; one's own is not to be deleted. */
export async function deleteAccount(at: AtPages, { name, email }: Somebody, self: string): Promise<void> {
  const { page, look } = at
  const t = { ...adminWords[look.locale], ...peopleWords[look.locale] }
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: t.actions(self), exact: true }).click()
  await page.getByRole('menuitem', { name: t.ban, exact: true }).waitFor()
  expect(await page.getByRole('menuitem', { name: t.deleteUser, exact: true }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await choose(at, name, t.deleteUser)
  await dialog.getByText(t.deleteUserText).waitFor()
  await at.check('delete-user')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await choose(at, name, t.deleteUser)
  await dialog.getByText(t.deleteUserText).waitFor()
  await page.goBack()
  await dialog.waitFor({ state: 'detached' })
  await page.goForward()
  await rowOf(page, email).waitFor()
  await choose(at, name, t.deleteUser)
  const button = dialog.getByRole('button', { name: t.deleteUser, exact: true })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.getByText(t.deleted(name)).waitFor()
  await rowOf(page, email).waitFor({ state: 'detached' })
}

/** One is made, changed and deleted, and one that is in use is not deleted. */
export async function makePlan(at: AtPages): Promise<void> {
  const { page } = at
  const t = { ...adminWords[at.look.locale], ...peopleWords[at.look.locale] }
  const dialog = page.getByRole('dialog')
  await open(at, 'plans')
  await page.getByRole('button', { name: t.newPlan }).click()
  await dialog.getByLabel(t.planName).fill('free')
  await dialog.getByLabel(t.tokensADay).fill('5000')
  await dialog.getByLabel(t.moneyAMonth).fill('2.5')
  await dialog.getByRole('button', { name: t.newPlan }).click()
  await dialog.getByText(t.planTaken).waitFor()
  await dialog.getByLabel(t.planName).fill('some')
  await dialog.getByRole('button', { name: t.newPlan }).click()
  await rowOf(page, 'some').getByText(t.tokens('5,000')).waitFor()
  await at.check('plans')
  await narrow(at, { text: 'some', column: t.people })
  await choose(at, 'some', t.change)
  await dialog.getByLabel(t.tokensADay).fill('6000')
  await dialog.getByRole('button', { name: t.save }).click()
  await rowOf(page, 'some').getByText(t.tokens('6,000')).waitFor()
  await choose(at, 'some', t.delete)
  await dialog.getByRole('button', { name: t.delete }).click()
  await page.getByText(t.deleted('some')).waitFor()
  await choose(at, 'free', t.delete)
  await dialog.getByRole('button', { name: t.delete }).click()
  await page.getByText(t.planInUse).waitFor()
  await rowOf(page, 'some').waitFor({ state: 'detached' })
}

interface Wish {
  /** Stands in the row that is found. */
  text: string
  /** What is looked for, where it is not the same. */
  find?: string
  /** A column that it is sorted by. */
  column?: string
  /** A status that nothing there has. */
  status?: string
}

/** The list before us, in which there is but one such row: by what is typed, by status, and in another order. */
export async function narrow(at: AtPages, { text, find = text, column, status }: Wish): Promise<void> {
  const { page, look } = at
  const t = adminWords[look.locale]
  const filters = page.getByRole('main').getByRole('search')
  const field = filters.getByLabel(t.find, { exact: true })
  await field.fill('no such thing')
  await page.getByText(t.nothingLikeThat).waitFor()
  await field.fill(find)
  await rowOf(page, text).waitFor()
  if (status !== undefined) {
    const select = filters.getByLabel(t.status, { exact: true })
    await select.selectOption({ label: status })
    await page.getByText(t.nothingLikeThat).waitFor()
    await select.selectOption({ label: t.all })
    await rowOf(page, text).waitFor()
  }
  if (column !== undefined) await sortBy(at, column)
  await rowOf(page, text).waitFor()
  const whole = page.waitForResponse((response) => /\/admin\/[^/]+\?(?!.*search=)/.test(response.url()))
  await field.fill('')
  await whole
}
