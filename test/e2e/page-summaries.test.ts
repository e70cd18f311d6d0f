import { expect, setDefaultTimeout, test } from 'bun:test'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { embeddedStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'
import { checkAccessible, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const noModel = {
  'en-GB': 'The model is unavailable at the moment.',
  'zh-CN': '模型暂时不可用',
}

const words = {
  'en-GB': {
    line: 'Earlier messages are summarised for the model',
    anew: 'Summarise anew',
    busy: 'Being summarised anew…',
    coming: 'It takes longer. The new summary will appear here.',
  },
  'zh-CN': {
    line: '更早的消息已为模型概括',
    anew: '重新生成摘要',
    busy: '正在重新生成摘要…',
    coming: '需要更长时间，新摘要完成后会显示在这里。',
  },
}

test('the page says where a summary stands for what was said, shows it, and has it made anew', async () => {
  const upstream = startUpstream()
  let summary = ''
  const script = (body: object) =>
    JSON.stringify(body).includes('<conversation-')
      ? { text: [summary], usage: null }
      : { text: ['The sea is large and deep. '.repeat(35)], usage: null }
  upstream.play(...Array(60).fill(script))
  const env = { MODELS: 'deepseek/small:2048:512', DEFAULT_MODEL: 'deepseek/small' }
  await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url, env })
  const browser = await startChromium()
  for (const look of looks) {
    summary = 'They spoke of the sea.\n\n- It is **salty**.'
    const { context, page, complaints } = await visit(browser, look)
    const post = async (path: string, data: object) => {
      const response = await context.request.post(`${app.url}/api/v1${path}`, { data })
      expect(response.ok()).toBe(true)
      return response.json()
    }
    await post('/auth/register', {
      username: `ann_${look.viewport.width}`,
      password: 'vexing-7 quince',
      session: 'cookie',
    })
    const { id } = await post('/conversations', { title: 'The sea' })
    for (let round = 1; round <= 9; round++) {
      await post(`/conversations/${id}/messages`, { content: `Question ${round}: what of the sea?` })
    }
    const made = await post(`/conversations/${id}/summaries`, {})
    await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
    await page.goto(`${app.url}/c/${id}`)
    const t = words[look.locale]
    const line = page.getByText(t.line)
    await line.scrollIntoViewIfNeeded()
    // After the last message that it stands for.
    const before = page.locator('article:has(+ .summary-line)')
    expect(await page.getByRole('article').count()).toBe(18)
    const at = await before.evaluate((element) =>
      [...document.querySelectorAll('article')].indexOf(element as HTMLElement),
    )
    expect(at).toBe(made.message_count - 1)
    await line.click()
    await page.getByText('- It is **salty**.').waitFor()
    await checkAccessible(page)
    await shoot(page, `summary-${look.locale}-${look.viewport.width}-${look.colorScheme}`)

    summary = 'They spoke of the ocean.'
    const anew = page.getByRole('button', { name: t.anew })
    await anew.click()
    await page.getByText(summary).waitFor()
    expect(await page.getByText('- It is **salty**.').count()).toBe(0)
    await page.getByText(t.busy).waitFor({ state: 'detached' })
    await shoot(page, `summary-anew-${look.locale}-${look.viewport.width}-${look.colorScheme}`)
    // It stays as it is where the model gives none.
    summary = ''
    await anew.click()
    await page.getByText(noModel[look.locale]).waitFor()
    expect(await page.getByText('They spoke of the ocean.').count()).toBe(1)
    // It takes longer than the server has the page wait.
    await page.route('**/summaries', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 202, contentType: 'application/json', body: '{}' })
        : route.continue(),
    )
    await anew.click()
    await page.getByText(t.coming).waitFor()
    expect(complaints.filter((text) => !text.includes('a status of 502'))).toEqual([])
    await context.close()
  }
  await browser.close()
  await upstream.stop()
})
