import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { startImageUpstream } from '../support/image-upstream.ts'
import { showList, words } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, looks, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const own = {
  'en-GB': {
    picture: 'Picture',
    prompt: 'What is to be seen',
    size: 'Size',
    count: 'How many',
    draw: 'Draw',
    queued: 'Waiting for the model to be free…',
    refused: 'The model has refused to draw this.',
    download: /^Download: a fox/,
    delete: /^Delete: a fox/,
    confirm: 'Delete',
    close: 'Close',
    ready: 'Your pictures are ready.',
    otherLanguage: '中文',
    locale: 'zh',
  },
  'zh-CN': {
    picture: '图片',
    prompt: '画面描述',
    size: '尺寸',
    count: '张数',
    draw: '生成',
    queued: '正在排队等待模型…',
    refused: '模型拒绝绘制。',
    download: /^下载：a fox/,
    delete: /^删除：a fox/,
    confirm: '删除',
    close: '关闭',
    ready: '图片已生成。',
    otherLanguage: 'English',
    locale: 'en',
  },
}

const waiting = { task_status: 'PENDING' }

test('pictures are described, drawn, shown, downloaded and deleted', async () => {
  const painter = startImageUpstream()
  painter.bytes = await Bun.file(join(import.meta.dir, '../../ops/screenshot.png')).bytes()
  await using app = await startBinaryOnStack(embeddedStack, {
    env: { DASHSCOPE_BASE_URL: painter.dashscopeUrl, DASHSCOPE_API_KEY: 'sk-dash' },
  })
  const browser = await startChromium()
  for (const look of looks) {
    const t = { ...words[look.locale], ...own[look.locale] }
    const { context, page, complaints } = await visit(browser, look)
    const name = `pictures_${look.viewport.width}`
    await context.request.post(`${app.url}/api/v1/auth/register`, {
      data: { username: name, password: 'vexing-7 quince', session: 'cookie' },
    })
    await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
    await page.goto(app.url)
    // What was written already is what is to be drawn.
    await page.getByRole('textbox', { name: t.message }).fill('a fox in the snow')
    const open = page.getByRole('button', { name: t.picture, exact: true })
    await open.click()
    const dialog = page.getByRole('dialog')
    const draw = dialog.getByRole('button', { name: t.draw })
    expect(await dialog.getByLabel(t.prompt).inputValue()).toBe('a fox in the snow')
    await checkPage(page, look, 'pictures-none')
    await dialog.getByLabel(t.size).selectOption('1024x1024')
    await dialog.getByLabel(t.count).selectOption('2')

    painter.states.push(waiting, waiting)
    await draw.click()
    await dialog.getByRole('status').getByText(t.queued).waitFor()
    await checkPage(page, look, 'pictures-waiting')
    const pictures = dialog.getByRole('img', { name: 'a fox in the snow' })
    await pictures.nth(1).waitFor()
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLImageElement>('.picture img')].every(
        ({ complete, naturalWidth }) => complete && naturalWidth > 0,
      ),
    )
    expect(painter.asked.at(-1)?.body).toMatchObject({ parameters: { n: 2, size: '1024*1024' } })
    await checkPage(page, look, 'pictures-drawn')

    const download = page.waitForEvent('download')
    await dialog.getByRole('link', { name: t.download }).first().click()
    const file = await download
    expect(file.suggestedFilename()).toEndWith('.png')
    expect(Buffer.from(painter.bytes).equals(await Bun.file(await file.path()).bytes())).toBe(true)

    painter.refuse({ status: 400, body: { code: 'DataInspectionFailed', message: 'no' } })
    await draw.click()
    await dialog.getByRole('alert').getByText(t.refused).waitFor()
    await checkPage(page, look, 'pictures-refused')
    expect(await pictures.count()).toBe(2)

    painter.states.push(...Array(100).fill(waiting))
    await draw.click()
    await dialog.getByRole('status').getByText(t.queued).waitFor()
    await dialog.getByRole('button', { name: t.stop }).click()
    await dialog.getByText(t.queued).waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.querySelector('.picture-form button[aria-busy=true]') === null)
    painter.states.length = 0
    expect(await pictures.count()).toBe(2)

    // It goes on while the dialog is closed.
    painter.states.push(waiting)
    await draw.click()
    await dialog.getByRole('status').getByText(t.queued).waitFor()
    await dialog.getByRole('button', { name: t.close }).click()
    await page.getByText(t.ready).waitFor()
    await open.click()
    await pictures.nth(3).waitFor()
    await dialog.getByRole('button', { name: t.delete }).first().click()
    await page.getByRole('button', { name: t.confirm, exact: true }).click()
    await pictures.nth(3).waitFor({ state: 'detached' })
    const listed = await (await context.request.get(`${app.url}/api/v1/images`)).json()
    expect(listed.items).toHaveLength(3)
    await dialog.getByRole('button', { name: t.close }).click()

    // The account hears which language its letters are to be in.
    await showList(page, look)
    await page.getByRole('button', { name: t.account }).click()
    const told = page.waitForResponse((response) => response.request().method() === 'PUT')
    await page.getByRole('menuitem', { name: t.otherLanguage }).click()
    const response = await told
    expect([response.status(), response.request().postDataJSON()]).toEqual([200, { locale: t.locale }])

    expect(complaints).toEqual([])
    await context.close()
  }
  await browser.close()
  await painter.stop()
})
