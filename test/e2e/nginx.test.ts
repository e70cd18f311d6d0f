import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { request } from 'node:http'
import { createGunzip } from 'node:zlib'
import { registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import { rawRequest } from '../support/raw-request.ts'
import { hasPrograms } from '../support/services.ts'
import { embeddedStack } from '../support/stacks.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasPrograms('nginx'))('behind nginx with its defaults', () => {
  test.each([
    ['with', 'gzip'],
    ['without', 'identity'],
  ])('tokens arrive one by one %s compression', async (_word, encoding) => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
    const port = await freePort()
    const nginx = await startNginx(port, defaults(port, app.binary.port))

    const lines = await ask(port, encoding)
    const answer = await upstream.answer(1)
    for (const word of ['one', ' two', ' 三', ' 🙂']) {
      answer.say(word)
      // The next word is said only when this one is here: a proxy that keeps it makes us wait for ever.
      expect(JSON.parse(await lines.next())).toEqual({ text: word })
    }
    answer.end()
    await nginx.stop()
    await upstream.stop()
  })

  test.each([
    ['text/event-stream', 'gzip'],
    ['text/event-stream', 'identity'],
    ['application/x-ndjson', 'gzip'],
  ])('events of a turn arrive one by one as %s, %s', async (accept, encoding) => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(embeddedStack, { upstream: upstream.url })
    const port = await freePort()
    const nginx = await startNginx(port, defaults(port, app.binary.port))
    const person = await registerPerson(`http://127.0.0.1:${port}`)
    const path = `/api/v1/conversations/${await person.newConversation()}/messages/stream`

    const lines = await ask(port, encoding, path, { accept, authorization: person.authorization })
    const next = async (wanted: string) => {
      for (let line = await lines.next(); !line.includes(wanted); ) line = await lines.next()
    }
    // Before the model has said anything.
    await next('turn_id')
    const answer = await upstream.answer(1)
    for (const word of ['one', ' two', ' 三', ' 🙂']) {
      answer.say(word)
      await next(JSON.stringify({ text: word }))
    }
    answer.end()
    await next('finish_reason')
    await nginx.stop()
    await upstream.stop()
  })

  test('with the prefix stripped, kept, or none', async () => {
    await using app = await startBinaryOnStack(embeddedStack)
    const port = await freePort()
    const nginx = await startNginx(port, defaults(port, app.binary.port))
    for (const prefix of ['', '/cloudchat', '/kept/cloudchat']) {
      expect((await fetch(`http://127.0.0.1:${port}${prefix}/auth/healthz`)).status).toBe(200)
    }
    await nginx.stop()
  })

  test('a visitor is counted by the address that nginx saw, whatever he makes up', async () => {
    const env = { LIMIT_CHAT_IP: '1/3600', TRUSTED_PROXIES: '127.0.0.1' }
    await using app = await startBinaryOnStack(embeddedStack, { env })
    const port = await freePort()
    const nginx = await startNginx(port, defaults(port, app.binary.port))
    const askFrom = async (from: string, invented: string) => {
      const headers: [string, string][] = [
        ['Content-Type', 'application/json'],
        ['X-Forwarded-For', invented],
      ]
      const body = JSON.stringify({ message: 'hello' })
      return (await rawRequest(port, { method: 'POST', path: '/deepseek_chat', headers, body, from })).status
    }
    expect(await askFrom('127.0.0.2', '1.1.1.1')).toBe(200)
    expect(await askFrom('127.0.0.2', '2.2.2.2')).toBe(429)
    expect(await askFrom('127.0.0.3', '1.1.1.1')).toBe(200)
    await nginx.stop()
  })
})

/** Nothing said about buffering, HTTP version or Host: as a stranger writes it. */
function defaults(port: number, backend: number): string {
  return `
  gzip on;
  gzip_proxied any;
  gzip_types application/json text/plain text/event-stream application/x-ndjson;
  server {
    listen 127.0.0.1:${port};
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    location /cloudchat/ { proxy_pass http://127.0.0.1:${backend}/; }
    location /kept/ { proxy_pass http://127.0.0.1:${backend}/; }
    location / { proxy_pass http://127.0.0.1:${backend}; }
  }`
}

/** Asks as a browser does, and hands out the lines as they come off the wire. */
async function ask(
  port: number,
  encoding: string,
  path = '/deepseek_chat',
  more: Record<string, string> = {},
): Promise<{ next(): Promise<string> }> {
  const headers = { 'content-type': 'application/json', 'accept-encoding': encoding, ...more }
  const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers })
  sent.end(JSON.stringify({ message: 'count', content: 'count' }))
  const body = new Promise<AsyncIterator<Buffer>>((resolve, reject) => {
    sent.once('error', reject)
    sent.once('response', (response) => {
      const isZipped = response.headers['content-encoding'] === 'gzip'
      if (isZipped !== (encoding === 'gzip')) reject(new Error(`compressed: ${isZipped}`))
      resolve((isZipped ? response.pipe(createGunzip()) : response)[Symbol.asyncIterator]())
    })
  })
  let rest = ''
  return {
    async next() {
      while (!rest.includes('\n')) {
        const { done, value } = await (await body).next()
        if (done) throw new Error('the stream ended')
        rest += value.toString('latin1')
      }
      const line = rest.slice(0, rest.indexOf('\n'))
      rest = rest.slice(line.length + 1)
      return Buffer.from(line, 'latin1').toString('utf8')
    },
  }
}
