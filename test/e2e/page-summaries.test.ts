import { expect, setDefaultTimeout, test } from 'bun:test'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startChromium } from '../support/chromium.ts'
import { embeddedStack } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'
import { checkAccessible, looks, shoot, visit } from '../support/web-page.ts'

setDefaultTimeout(60_000)

const lines = {
  'en-GB': 'Earlier messages are summarised for the model',
  'zh-CN': '更早的消息已为模型概括',
}

test('the page says where a summary stands for what was said, and shows it', async () => {
  const upstream = startUpstream()
  const script = (body: object) =>
    JSON.stringify(body).includes('<conversation-')
      ? { text: ['They spoke of the sea.\n\n- It is **salty**.'], usage: null }
      : { text: ['The sea is large and deep. '.repeat(35)], usage: null }
  upstream.play(...Array(40).fill(script))
  const env = { MODELS: 'deepseek/small:2048:512', DEFAULT_MODEL: 'deepseek/small' }
  await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url, env })
  const browser = await startChromium()
  for (const look of looks) {
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
    const line = page.getByText(lines[look.locale])
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
    expect(complaints).toEqual([])
    await context.close()
  }
  await browser.close()
  await upstream.stop()
})
