import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type BinaryOnStack, startBinaryOnStack } from './binary-on-stack.ts'
import { type GatedAnswer, startGatedUpstream } from './gated-upstream.ts'
import type { Stack } from './stacks.ts'
import { type Look, visit } from './web-page.ts'

/** What stands on the page. */
export const words = {
  'en-GB': {
    message: 'Message',
    send: 'Send',
    stop: 'Stop',
    newChat: 'New chat',
    conversations: 'Conversations',
    showSidebar: 'Show the sidebar',
    account: /^Account:/,
    logOut: 'Log out',
    stopped: 'Stopped.',
    goOn: 'Continue',
    interrupted: 'The answer was interrupted. What arrived is kept.',
    reconnecting: 'The connection is lost. Trying to reach the server again…',
    offline: 'You are offline. What you write is kept.',
    online: 'You are online again.',
    logIn: 'Log in',
    email: 'E-mail',
    password: 'Password',
    sessionEnded: 'Your session has ended. Log in again to go on; nothing is lost.',
    gone: 'This conversation is not there any more.',
    tooLong: 'The message is too long.',
    running: 'An answer is still being written here.',
    earlier: 'Earlier messages',
  },
  'zh-CN': {
    message: '消息',
    send: '发送',
    stop: '停止',
    newChat: '新对话',
    conversations: '对话列表',
    showSidebar: '显示侧栏',
    account: /^账号：/,
    logOut: '退出登录',
    stopped: '已停止。',
    goOn: '继续',
    interrupted: '回答被中断，已收到的内容已保留。',
    reconnecting: '连接已断开，正在重新连接…',
    offline: '网络已断开。你写的内容会保留。',
    online: '网络已恢复。',
    logIn: '登录',
    email: '邮箱',
    password: '密码',
    sessionEnded: '登录已失效。请重新登录以继续，内容不会丢失。',
    gone: '该对话已不存在。',
    tooLong: '消息过长。',
    running: '这里还有一个回答正在生成。',
    earlier: '更早的消息',
  },
}

export interface House extends AsyncDisposable {
  app: BinaryOnStack
  context: BrowserContext
  page: Page
  complaints: string[]
  email: string
  password: string
  /** The next answer that is asked for. Whoever asks for a title meanwhile gets this one. */
  nextAnswer(title?: string): Promise<GatedAnswer>
  /** As from another device. */
  endSession(): Promise<void>
  /** Asks so many questions in a conversation of its own, and answers with its id. */
  talkAbout(rounds: number): Promise<string>
}

/** A service whose model says what the test says, and a browser in which somebody is logged in. */
export async function openHouse(
  browser: Browser,
  stack: Stack,
  look: Look,
  env: Record<string, string> = {},
): Promise<House> {
  const upstream = startGatedUpstream()
  const app = await startBinaryOnStack(stack, { upstream: upstream.url, env })
  const { context, page, complaints } = await visit(browser, look)
  const account = { email: 'somebody@example.com', password: 'vexing-7 quince' }
  const post = async (path: string, data: object) => {
    const response = await context.request.post(app.url + path, { data })
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`)
    return response.json()
  }
  await post('/api/v1/auth/register', { ...account, session: 'cookie' })
  // As the page itself does after a log-in.
  await context.addInitScript(() => localStorage.setItem('logged_in', '1'))
  let count = 0

  return {
    app,
    context,
    page,
    complaints,
    ...account,
    nextAnswer: async (title) => {
      let found: GatedAnswer | null = null
      let hasTitle = title === undefined
      while (found === null || !hasTitle) {
        const answer = await upstream.answer(++count)
        if (isForTitle(answer)) {
          answer.say(title ?? 'A title')
          answer.end()
          hasTitle = true
        } else found = answer
      }
      return found
    },
    async endSession() {
      const { access_token } = (await login(app.url, account)) as { access_token: string }
      const response = await fetch(`${app.url}/api/v1/users/me/sessions`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${access_token}` },
      })
      if (response.status !== 204) throw new Error(`sessions: ${response.status}`)
    },
    async talkAbout(rounds) {
      const { id } = await post('/api/v1/conversations', { title: 'A long talk' })
      for (let round = 1; round <= rounds; round++) {
        const asked = post(`/api/v1/conversations/${id}/messages`, { content: `Question ${round}` })
        const answer = await upstream.answer(++count)
        answer.say(`Answer ${round}`)
        answer.end()
        await asked
      }
      return id
    },
    async [Symbol.asyncDispose]() {
      try {
        await context.close()
      } finally {
        await app[Symbol.asyncDispose]()
        await upstream.stop()
      }
    },
  }
}

async function login(origin: string, { email, password }: { email: string; password: string }) {
  const response = await fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: email, password }),
  })
  return response.json()
}

function isForTitle({ question }: GatedAnswer): boolean {
  return JSON.stringify(question.messages).includes('<message>')
}

/** Where there is no room for the list, it is a drawer. */
export async function showList(page: Page, look: Look): Promise<void> {
  const t = words[look.locale]
  const button = page.getByRole('button', { name: t.showSidebar })
  if (look.viewport.width < 768) await button.click()
  await page.getByRole('navigation', { name: t.conversations }).waitFor()
}

export async function logOut(page: Page, look: Look): Promise<void> {
  const t = words[look.locale]
  await showList(page, look)
  await page.getByRole('button', { name: t.account }).click()
  await page.getByRole('menuitem', { name: t.logOut }).click()
}

export async function ask(page: Page, look: Look, content: string): Promise<void> {
  const t = words[look.locale]
  await page.getByRole('textbox', { name: t.message }).fill(content)
  await page.getByRole('button', { name: t.send }).click()
}

/** Says it as the next answer, and waits until the page has all of it. */
export async function answer(house: House, look: Look, text: string, title?: string): Promise<void> {
  const asked = await house.nextAnswer(title)
  asked.say(text)
  asked.end()
  await house.page.getByRole('button', { name: words[look.locale].send }).waitFor()
}
