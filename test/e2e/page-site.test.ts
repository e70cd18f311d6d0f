import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { checkPage, looks, visit } from '../support/web-page.ts'

const sayings = {
  'en-GB': {
    register: 'Register',
    logInFirst: 'Please log in to chat here.',
    missing: 'Please fill this in.',
    footer: 'Example Company, registered in Somewhere',
    terms: 'Terms of use',
    privacy: 'Privacy policy',
  },
  'zh-CN': {
    register: '注册',
    logInFirst: '请先登录再开始对话。',
    missing: '请填写此项。',
    footer: '京ICP备00000000号-1',
    terms: '服务条款',
    privacy: '隐私政策',
  },
}

test('where an account is needed, the page offers the log-in, and shows what the operator says', async () => {
  const browser = await startChromium()
  const folder = tempFolder('logo')
  const logo = join(folder, 'logo.svg')
  writeFileSync(
    logo,
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 26"><rect width="60" height="26" fill="teal"/></svg>',
  )
  await using service = await startBinaryOnStack(embeddedStack, {
    env: {
      ANONYMOUS_CHAT: '0',
      SITE_LOGO_FILE: logo,
      TERMS_URL: 'https://www.example.com/terms',
      PRIVACY_URL: 'https://www.example.com/privacy',
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: 'vexing-7 quince',
    },
  })
  for (const look of looks) {
    const t = { ...words[look.locale], ...sayings[look.locale] }
    const { context, page, complaints } = await visit(browser, look)
    const { access_token } = await (
      await context.request.post(`${service.url}/api/v1/auth/login`, {
        data: { identifier: 'admin@example.com', password: 'vexing-7 quince' },
      })
    ).json()
    const put = await context.request.put(`${service.url}/api/v1/admin/settings`, {
      data: { footer: t.footer },
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(put.ok()).toBe(true)
    const checkFoot = async (name: string) => {
      await page.getByText(t.footer).waitFor()
      for (const [text, path] of [
        [t.terms, 'terms'],
        [t.privacy, 'privacy'],
      ] as const) {
        const href = await page.getByRole('link', { name: text }).getAttribute('href')
        expect(href).toBe(`https://www.example.com/${path}`)
      }
      await page.waitForFunction(
        () => (document.querySelector<HTMLImageElement>('.brand img')?.naturalWidth ?? 0) > 0,
      )
      await checkPage(page, look, `site-${name}`)
    }
    const held = Promise.withResolvers<void>()
    await page.route('**/api/v1/site', async (route) => {
      await held.promise
      await route.continue()
    })
    await page.goto(service.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    // Nobody sees a name or a picture that is not this site's.
    expect(await page.locator('.brand').isVisible()).toBe(false)
    held.resolve()
    await page.getByText(t.logInFirst).waitFor()
    expect(await page.getByRole('textbox').count()).toBe(0)
    await checkFoot('chat')
    await page.unroute('**/api/v1/site')
    await page.route('**/api/v1/site', () => {})
    await page.reload()
    await page.getByText(t.logInFirst).waitFor()
    await page.locator('.brand img').waitFor()
    await page.unroute('**/api/v1/site')
    await page.getByRole('main').getByRole('link', { name: t.logIn }).click()
    await page.getByRole('heading', { name: t.logIn }).waitFor()
    await checkFoot('login')
    const email = page.getByRole('textbox', { name: t.email })
    const password = page.getByLabel(t.password, { exact: true })
    const isFaulty = (field: typeof email) =>
      field.evaluate((input) => ({
        hasFocus: document.activeElement === input,
        isInvalid: input.getAttribute('aria-invalid'),
        text: document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent,
      }))
    await page.getByRole('main').getByRole('button', { name: t.logIn }).click()
    await page.getByText(t.missing).nth(1).waitFor()
    expect(await isFaulty(email)).toEqual({ hasFocus: true, isInvalid: 'true', text: t.missing })
    await checkPage(page, look, 'site-login-empty')
    await page.keyboard.type('somebody')
    await page.getByText(t.missing).nth(1).waitFor({ state: 'detached' })
    expect(await isFaulty(email)).toMatchObject({ isInvalid: 'false' })
    await page.keyboard.press('Enter')
    expect(await isFaulty(password)).toEqual({ hasFocus: true, isInvalid: 'true', text: t.missing })
    await page.getByRole('main').getByRole('link', { name: t.register }).click()
    await page.getByRole('heading', { name: t.register }).waitFor()
    await checkFoot('register')
    expect(complaints).toEqual([])
    await context.close()
  }
  await browser.close()
}, 60_000)
