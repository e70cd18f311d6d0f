import { expect, setDefaultTimeout, test } from 'bun:test'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { startMailServer } from '../support/mail-server.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, looks, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const words = {
  'en-GB': {
    forgot: 'Forgot your password?',
    email: 'E-mail',
    send: 'Send the link',
    sent: /a letter is on its way/,
    newPassword: 'New password',
    done: 'Your password has been changed. Please log in.',
    logIn: 'Log in',
    password: 'Password',
    message: 'Message',
    logInFirst: 'Log in to see this page.',
    incomplete: 'This link is incomplete.',
    expired: 'This link is no longer valid.',
    another: 'Reset your password',
  },
  'zh-CN': {
    forgot: '忘记密码？',
    email: '邮箱',
    send: '发送链接',
    sent: /重置邮件已经发出/,
    newPassword: '新密码',
    done: '密码已修改，请登录。',
    logIn: '登录',
    password: '密码',
    message: '消息',
    logInFirst: '请登录后查看此页面。',
    incomplete: '链接不完整，请重新申请。',
    expired: '链接已失效，请重新申请。',
    another: '重置密码',
  },
}

test('a forgotten password: a letter is asked for, its link opened, a new one chosen', async () => {
  const mail = await startMailServer()
  await using app = await startBinaryOnStack(embeddedStack, {
    env: {
      ANONYMOUS_CHAT: '0',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mail.port),
      SMTP_USER: mail.user,
      SMTP_PASS: mail.password,
      SMTP_TLS: '0',
      MAIL_FROM: 'noreply@cloudchat.test',
    },
  })
  const browser = await startChromium()
  for (const look of looks) {
    const t = words[look.locale]
    const email = `forgetful-${look.viewport.width}@example.com`
    const made = await app.visitor().post('/auth/register', { email, password: 'vexing-7 quince' })
    expect(made.ok).toBe(true)
    const { context, page, complaints } = await visit(browser, look)
    for (const path of ['dashboard', 'settings', 'admin/users']) {
      await page.goto(`${app.url}/${path}`)
      await page.getByText(t.logInFirst).waitFor()
    }
    // Who this may be is asked there, and nobody is.
    complaints.length = 0
    await page.goto(`${app.url}/login`)
    await page.getByRole('link', { name: t.forgot }).click()
    await page.getByRole('textbox', { name: t.email }).fill(email)
    await checkPage(page, look, 'reset-forgot')
    await page.getByRole('button', { name: t.send }).click()
    await page.getByText(t.sent).waitFor()

    const letter = await mail.waitForLetter(email, ({ text }) => text.includes('token='))
    const token = /[?#&]token=([\w-]+)/.exec(letter.text)?.[1]
    // In letters of old it is a query.
    const sign = look === looks[0] ? '#' : '?'
    await page.goto(`${app.url}/reset_password${sign}token=${token}`)
    const field = page.getByLabel(t.newPassword, { exact: true })
    await field.waitFor()
    expect(page.url()).toBe(`${app.url}/reset_password`)
    await field.fill('battery staple 2')
    await checkPage(page, look, 'reset-choose')
    await page.locator('form button[type=submit]').click()
    await page.getByText(t.done).waitFor()
    await checkPage(page, look, 'reset-done')
    await page.getByRole('main').getByRole('link', { name: t.logIn }).click()
    await page.getByRole('textbox', { name: t.email }).fill(email)
    await page.getByLabel(t.password, { exact: true }).fill('battery staple 2')
    await page.getByRole('button', { name: t.logIn }).click()
    await page.getByRole('textbox', { name: t.message }).waitFor()
    expect(complaints).toEqual([])
    await page.goto(`${app.url}/reset_password`)
    await page.getByText(t.incomplete).waitFor()
    await checkPage(page, look, 'reset-incomplete')
    // It was used; one that has expired is forgotten as well.
    await page.goto(`${app.url}/reset_password?token=${token}`)
    await field.fill('battery staple 3')
    await page.locator('form button[type=submit]').click()
    await page.getByRole('status').getByText(t.expired).waitFor()
    await checkPage(page, look, 'reset-expired')
    await page.getByRole('link', { name: t.another }).click()
    await page.getByRole('button', { name: t.send }).waitFor()
    expect(page.url()).toBe(`${app.url}/forgot_password`)
    await context.close()
  }
  await browser.close()
  await mail.stop()
})
