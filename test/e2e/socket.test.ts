import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import { hasPrograms } from '../support/services.ts'
import { openSocketClient, type SocketClient } from '../support/socket-client.ts'
import { describeOnStacks, embeddedStack } from '../support/stacks.ts'

setDefaultTimeout(60_000)

const path = '/api/v1/ws/chat'
const isSaid = (text: string) => (frame: { event: string; data?: Record<string, unknown> }) =>
  frame.event === 'delta' && String(frame.data?.text).includes(text)

/** Somebody new, his conversation, and a socket that is his (at `url`). */
async function openAs(app: BinaryOnStack, name: string, url = app.url) {
  const visitor = app.visitor()
  const account = { username: name, password: 'vexing-7 quince', session: 'cookie' }
  expect((await visitor.post('/api/v1/auth/register', account)).status).toBe(201)
  const conversation = (await (await visitor.post('/api/v1/conversations')).json()) as { id: string }
  const cookie = [...visitor.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  const socket = await openSocketClient(url + path, { cookie })
  expect(await socket.next()).toEqual({ event: 'ready' })
  const ask = (content: string) => socket.send({ type: 'send', conversation_id: conversation.id, content })
  return { visitor, socket, ask }
}

/** One word at a time: the next is said when this one is here. */
async function hearOneByOne(socket: SocketClient, answer: { say(text: string): void }): Promise<void> {
  for (const word of ['one', ' two', ' 三', ' 🙂']) {
    answer.say(word)
    await socket.until(isSaid(word))
  }
}

describeOnStacks('a socket of the executable', (stack) => {
  test('is told word by word, closes with its session, and when the service ends', async () => {
    const upstream = startGatedUpstream()
    const app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const ann = await openAs(app, 'ann')
    const eve = await openAs(app, 'eve')
    ann.ask('hello')
    const answer = await upstream.answer(1)
    await hearOneByOne(ann.socket, answer)

    // Of another device, and so of another session: all others are ended.
    const token = await logIn(app, 'eve')
    const others = await fetch(`${app.url}/api/v1/users/me/sessions`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(others.ok).toBe(true)
    expect((await eve.socket.closed).code).toBe(4401)

    const ended = app.binary.ended()
    process.kill(app.binary.pid, 'SIGTERM')
    answer.say(' and out')
    await ann.socket.until(isSaid('out'))
    answer.end()
    await ann.socket.until(({ event }) => event === 'done')
    expect((await ann.socket.closed).code).toBe(1001)
    // What waits is the title, which nobody is told any more.
    for (const one of upstream.answers) one.end()
    expect(await ended).toBe(0)
    await app[Symbol.asyncDispose]()
    await upstream.stop()
  })
})

describe.skipIf(!hasPrograms('nginx'))('a socket behind our nginx', () => {
  test('is told word by word', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
    const port = await freePort()
    const nginx = await startNginx(port, site(port, app.binary.port))
    for (const prefix of ['', '/cloudchat']) {
      const { socket, ask } = await openAs(app, `ann_${prefix.length}`, `http://127.0.0.1:${port}${prefix}`)
      const count = upstream.answers.length
      ask('hello')
      await hearOneByOne(socket, await upstream.answer(count + 1))
      socket.close()
      await socket.closed
    }
    await nginx.stop()
    for (const one of upstream.answers) one.end()
    await upstream.stop()
  })
})

async function logIn(app: BinaryOnStack, identifier: string): Promise<string> {
  const response = await app.visitor().post('/api/v1/auth/login', { identifier, password: 'vexing-7 quince' })
  return ((await response.json()) as { access_token: string }).access_token
}

/** The part of our nginx files that hands WebSockets on. */
function site(port: number, backend: number): string {
  const folder = join(import.meta.dir, '../../ops/nginx')
  const map = /^map .*?^}/ms.exec(readFileSync(join(folder, 'cloudchat.conf'), 'utf8'))?.[0] ?? ''
  const include = `include ${folder}/cloudchat-proxy.conf;`
  return `
  ${map}
  server {
    listen 127.0.0.1:${port};
    location /cloudchat/ { proxy_pass http://127.0.0.1:${backend}/; ${include} }
    location / { proxy_pass http://127.0.0.1:${backend}; ${include} }
  }`
}
