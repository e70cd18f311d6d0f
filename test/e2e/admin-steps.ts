import { expect } from 'bun:test'
import type { Page } from 'playwright-core'
import { shoot } from '../support/web-page.ts'

/** Chooses what to do with Ann, who has the plan `free`. */
type Choose = (item: string) => Promise<void>

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

/** Of her own, looked at, and taken back. */
export async function giveLimits(page: Page, choose: Choose, look: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog')
  await choose('Usage and limits…')
  await dialog.getByRole('row', { name: /^Requests today 0 of 50 / }).waitFor()
  await dialog.getByLabel('Requests a day', { exact: true }).selectOption({ label: 'Of his own' })
  await dialog.getByLabel('Requests a day: how much').fill('7')
  await dialog.getByLabel('Tokens a day', { exact: true }).selectOption({ label: 'No limit' })
  await dialog.getByLabel('Time zone').fill('Nowhere')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('There is no such time zone.').waitFor()
  await dialog.getByLabel('Time zone').fill('Asia/Tokyo')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The limits of ann@example.com are in force.').waitFor()
  await choose('Usage and limits…')
  await dialog.getByRole('row', { name: /^Requests today 0 of 7 / }).waitFor()
  await dialog.getByRole('row', { name: /^Tokens today 0 \d/ }).waitFor()
  expect(await dialog.getByLabel('Time zone').inputValue()).toBe('Asia/Tokyo')
  await look()
  await dialog.getByRole('button', { name: 'Take back' }).click()
  await dialog.getByText('His plan alone counts again, at once.').waitFor()
  await dialog.getByRole('button', { name: 'Take back' }).last().click()
  await page.getByText('For ann@example.com the plan alone counts again.').waitFor()
  await choose('Usage and limits…')
  await dialog.getByRole('row', { name: /^Requests today 0 of 50 / }).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
}

/** Five are given and two taken, and both are told of. */
export async function changeBalance(page: Page, choose: Choose, look: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog')
  await choose('Balance…')
  await dialog.getByLabel('Add (USD)').fill('5')
  await dialog.getByText('The balance is then $5.00.').waitFor()
  await dialog.getByRole('button', { name: 'Change the balance' }).click()
  await page.getByText('The balance of ann@example.com is $5.00.').waitFor()
  await choose('Balance…')
  await dialog.getByLabel('Add (USD)').fill('-2')
  await dialog.getByRole('button', { name: 'Change the balance' }).click()
  await dialog.getByText('Take $2.00 from Ann?').waitFor()
  await dialog.getByRole('button', { name: 'Change the balance' }).last().click()
  await page.getByText('The balance of ann@example.com is $3.00.').waitFor()
  await choose('Balance…')
  await dialog.getByRole('row', { name: /By an administrator -\$2\.00$/ }).waitFor()
  await dialog.getByRole('row', { name: /By an administrator \$5\.00$/ }).waitFor()
  await look()
  const cancel = dialog.getByRole('button', { name: 'Cancel' })
  expect(await cancel.evaluate(isInFront)).toBe(true)
  await cancel.click()
}

/** The notice of what was changed covers no button. */
function isInFront(button: Element): boolean {
  const { x, y, width, height } = button.getBoundingClientRect()
  return button.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}

/** One is made, and one that is in use is not deleted. */
export async function makePlan(page: Page, look: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog')
  await page.getByRole('link', { name: 'Plans' }).click()
  await page.getByRole('button', { name: 'Make a plan' }).click()
  await dialog.getByLabel('Name of the plan').fill('free')
  await dialog.getByLabel('Tokens a day').fill('5000')
  await dialog.getByLabel('Money (USD) a month').fill('2.5')
  await dialog.getByRole('button', { name: 'Make a plan' }).click()
  await dialog.getByText('There is a plan of this name already.').waitFor()
  await dialog.getByLabel('Name of the plan').fill('pro')
  await dialog.getByRole('button', { name: 'Make a plan' }).click()
  await page.getByRole('row', { name: /^pro 5,000 tokens/ }).waitFor()
  await look()
  await page.getByRole('button', { name: 'Actions: free' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('This plan is in use').waitFor()
}
