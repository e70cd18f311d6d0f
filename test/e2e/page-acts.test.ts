import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { networkOf } from '../support/network-of.ts'
import { ask, type House, openHouse } from '../support/page-house.ts'
import { embeddedStack } from '../support/stacks.ts'
import { checkPage, looks } from '../support/web-page.ts'
import { actsWords } from './acts-words.ts'

setDefaultTimeout(120_000)

const administrator = { email: 'root@example.com', password: 'vexing-7 quince' }

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

for (const look of looks) {
  const isPhone = look.hasTouch

  test(`everything that is done in a chat, ${isPhone ? 'by finger' : 'by mouse'}: ${look.locale}`, async () => {
    const { email, password } = administrator
    await using house = await openHouse(browser, embeddedStack, look, {
      ADMIN_EMAIL: email,
      ADMIN_PASSWORD: password,
    })
    const t = actsWords[look.locale]
    const { page, app, context } = house
    await offerThinker(app.url)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await context.addInitScript(hearSpeech)
    const button = (name: string, place: Page | Locator = page) =>
      place.getByRole('button', { name, exact: true }).click()
    const item = (name: string) => page.getByRole('menuitem', { name, exact: true }).click()
    const article = (at: number) => page.getByRole('article').nth(at)
    const field = page.getByRole('textbox', { name: t.message })
    const idle = () => page.getByRole('button', { name: t.send }).waitFor()
    const isCopied = (text: string) =>
      page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()) === wanted, text)

    await page.goto(app.url)
    // In no list; and its model thinks before it speaks.
    await button(t.temporary)
    await field.fill('Under the rose')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    if (isPhone) {
      await field.press('Enter')
      expect(await field.inputValue()).toBe('Under the rose\n')
    } else expect(await field.inputValue()).toBe('Under the rose')
    expect(await page.getByRole('article').count()).toBe(0)
    if (isPhone) await button(t.send)
    else await field.press('Enter')
    const hidden = await house.nextAnswer()
    hidden.think('Let me see')
    const thoughts = page.getByText('Let me see')
    await page.getByText(t.thinking).click()
    await thoughts.waitFor()
    hidden.say('Nobody knows')
    await page.getByText(t.thoughts, { exact: true }).waitFor()
    hidden.end()
    await idle()
    await page.getByText(t.thoughts, { exact: true }).click()
    await thoughts.waitFor({ state: 'hidden' })
    await page.locator('.badge', { hasText: t.temporary }).waitFor()
    await checkPage(page, look, 'acts-temporary')

    await button(t.newChat)
    await button(t.modelOf('deepseek-chat'))
    const choice = page.getByRole('menuitemradio', { name: 'Thinker' })
    await choice.getByText(t.hint).waitFor()
    await choice.getByText(t.prices).waitFor()
    await checkPage(page, look, 'acts-models')
    await choice.click()
    await page.getByRole('button', { name: t.modelOf('Thinker') }).waitFor()
    await button(t.suggested)
    expect(await field.inputValue()).toBe(t.suggested)
    await button(t.send)
    const first = await house.nextAnswer('A title')
    expect(first.question).toMatchObject({ model: 'thinker' })
    first.say('Alpha **one**')
    first.end()
    await idle()

    await button(t.more)
    await item(t.regenerateWith('deepseek-chat'))
    const second = await house.nextAnswer()
    expect(second.question).toMatchObject({ model: 'deepseek-chat' })
    second.say('Beta **two**')
    second.end()
    await page.getByText('2/2').waitFor()
    await button(t.earlier)
    await page.getByText('Alpha one').waitFor()
    await button(t.later)
    await page.getByText('Beta two').waitFor()

    const isSaying = (words: unknown) =>
      page.waitForFunction(
        (said) => JSON.stringify(Reflect.get(window, 'said')) === said,
        JSON.stringify(words),
      )
    const readAloud = async (at: number) => {
      if (!isPhone) await article(at).hover()
      await button(t.more, article(at))
      await item(t.readAloud)
      await isSaying(['Beta two', t.spokenAs])
    }
    await readAloud(1)
    await button(t.quiet)
    await isSaying(null)
    await page.getByRole('button', { name: t.quiet }).waitFor({ state: 'detached' })
    await readAloud(1)
    await page.evaluate(() => Reflect.get(window, 'sayEnd')())
    await page.getByRole('button', { name: t.quiet }).waitFor({ state: 'detached' })

    await button(t.good)
    await page.getByRole('button', { name: t.good, pressed: true }).waitFor()
    expect((await messagesOf(house))[1]).toMatchObject({ rating: 'up' })
    await button(t.copy, article(1))
    await isCopied('Beta **two**')
    // Where nobody can point at a question, what can be done with it is in sight.
    if (isPhone) await page.waitForFunction(isActionInSight)
    else await article(0).hover()
    await button(t.copy, article(0))
    await isCopied(t.suggested)
    await button(t.edit, article(0))
    await page.getByRole('textbox', { name: t.editQuestion }).fill('Other words')
    if (isPhone) {
      await page.keyboard.press('Enter')
      expect(await page.getByRole('textbox', { name: t.editQuestion }).inputValue()).toBe('Other words\n')
    }
    await page.keyboard.press('Escape')
    await page.getByTitle(t.editTitle).click()
    await page.getByRole('banner').getByRole('textbox').fill('Another title')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.title === 'Another title · CloudChat')

    const options = page.getByRole('dialog')
    await button(t.options)
    await options.getByRole('textbox', { name: t.systemPrompt }).fill('Be brief')
    await options.getByRole('spinbutton', { name: t.temperature }).fill('0.5')
    await options.getByRole('spinbutton', { name: t.topP }).fill('3')
    await page.getByText(t.outOfRange).waitFor()
    await options.getByRole('spinbutton', { name: t.topP }).fill('0.9')
    await options.getByRole('spinbutton', { name: t.maxTokens }).fill('256')
    await checkPage(page, look, 'acts-options')
    await button(t.save, options)
    await page.getByText(t.saved).waitFor()

    const network = await networkOf(house)
    await network.slow()
    await ask(page, look, 'Next')
    const third = await house.nextAnswer()
    expect(third.question).toMatchObject({ temperature: 0.5, top_p: 0.9, max_tokens: 256 })
    expect(third.question.messages[0]).toEqual({ role: 'system', content: 'Be brief' })
    third.say('Gamma, ')
    await page.getByText('Gamma,').waitFor()
    await button(t.stop)
    await page.getByText(t.stopped).waitFor()
    await third.left
    await network.restore()
    expect(await page.getByRole('article').count()).toBe(4)

    await readAloud(1)
    await button(t.more, article(1))
    const before = page.url()
    await item(t.fork)
    await page.waitForFunction(() => document.querySelectorAll('article').length === 2)
    expect(page.url()).not.toBe(before)
    // Nobody could end it from here.
    await isSaying(null)
    expect((await messagesOf(house)).length).toBe(2)

    await field.fill('half a thought')
    await page.reload()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'half a thought')
    const { items } = await (await context.request.get(`${app.url}/api/v1/conversations`)).json()
    expect(items.length).toBe(2)

    await page.goto(`${app.url}/settings#preferences`)
    await page.getByRole('textbox', { name: t.usualPrompt }).fill('Be kind')
    await button(t.newChat)
    await button(t.options)
    expect(await options.getByRole('textbox', { name: t.systemPrompt }).inputValue()).toBe('Be kind')
    await page.keyboard.press('Escape')
    await ask(page, look, 'Told\n'.repeat(30))
    const told = await house.nextAnswer('A title')
    expect(told.question.messages[0]).toEqual({ role: 'system', content: 'Be kind' })
    told.end()
    await page.getByRole('button', { name: t.send }).waitFor()
    const folded = await page.locator('.bubble').boundingBox()
    await button(t.showAll)
    await page.getByRole('button', { name: t.showLess }).waitFor()
    const whole = await page.locator('.bubble').boundingBox()
    expect(whole?.height).toBeGreaterThan(2 * (folded?.height ?? 0))
    // It is read from where it was.
    expect(whole?.y).toBe(folded?.y)
    expect(house.complaints).toEqual([])
  })
}

/** Beside the one that the settings name. */
async function offerThinker(origin: string): Promise<void> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { access_token: string }
  }
  const { email: identifier, password } = administrator
  const { access_token } = await post('auth/login', { identifier, password })
  await post(
    'admin/models',
    {
      provider: 'deepseek',
      upstream: 'thinker',
      name: 'Thinker',
      context_window: 64_000,
      capabilities: { vision: true, reasoning: true, tools: true },
      prices: { input: 2_000_000, cached_input: null, output: 8_000_000, reasoning: null },
    },
    { authorization: `Bearer ${access_token}` },
  )
}

/** In place of a voice: what is being said is in `said`, and `sayEnd` comes to its end. */
function hearSpeech(): void {
  const speech = {
    speak: (words: SpeechSynthesisUtterance) =>
      Object.assign(window, {
        said: [words.text, words.lang],
        sayEnd: () => words.onend?.call(words, new Event('end') as SpeechSynthesisEvent),
      }),
    cancel: () => Object.assign(window, { said: null }),
  }
  Object.defineProperty(window, 'speechSynthesis', { value: speech })
}

function isActionInSight(): boolean {
  const actions = document.querySelector('.message.user .message-actions')
  return actions !== null && getComputedStyle(actions).opacity === '1'
}

async function messagesOf({ app, context, page }: House): Promise<object[]> {
  const id = page.url().split('/').at(-1)
  const response = await context.request.get(`${app.url}/api/v1/conversations/${id}/messages`)
  return (await response.json()).items
}
