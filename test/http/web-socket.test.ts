import { afterAll, describe, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { Elysia } from 'elysia'
import { problem } from '../../src/http/problem.ts'
import { type StreamEnd, streamEndOf } from '../../src/http/stream-end.ts'
import { openSocket, socketLimits, type TextSocket } from '../../src/http/web-socket.ts'
import { createLog } from '../../src/lib/log.ts'

interface Play {
  opened: PromiseWithResolvers<TextSocket>
  texts: string[]
  onText: (text: string) => void
  closed: PromiseWithResolvers<void>
  end: PromiseWithResolvers<StreamEnd>
  options?: Parameters<typeof openSocket>[3]
  isRefused?: boolean
  closes: number
}

let play: Play
const app = new Elysia({ name: 'sockets', websocket: socketLimits(1000) })
  .use(problem({ shapeOf: () => 'problem', log: createLog('silent', () => {}) }))
  .get('/ws', ({ request, server }) => {
    const { opened, closed, end, options } = play
    const response = openSocket(
      request,
      server,
      (socket) => {
        opened.resolve(socket)
        if (play.isRefused) socket.close(4429, 'no room')
        return {
          onText: (text) => play.onText(text),
          onClose() {
            play.closes++
            closed.resolve()
          },
        }
      },
      options,
    )
    streamEndOf(request)?.then(end.resolve)
    return response
  })
  .listen({ port: 0, hostname: '127.0.0.1', development: false })
const port = app.server?.port ?? 0
afterAll(() => app.stop(true))

function playing(options?: Play['options']): Play {
  const texts: string[] = []
  play = {
    opened: Promise.withResolvers(),
    texts,
    onText: (text) => void texts.push(text),
    closed: Promise.withResolvers(),
    closes: 0,
    end: Promise.withResolvers(),
    ...(options ? { options } : {}),
  }
  return play
}

describe('a socket', () => {
  test('hands texts on as they came, both ways', async () => {
    const played = playing()
    const client = await openClient()
    const socket = await played.opened.promise
    const heard = next(client, 'message')
    expect(socket.send('{"a": 1}')).toBe(true)
    expect(((await heard) as MessageEvent).data).toBe('{"a": 1}')
    const got = Promise.withResolvers<void>()
    const sent = ['{"__proto__": {"a": 1}}', '5', 'true', ' [1', '', '好']
    played.onText = (text) => {
      played.texts.push(text)
      if (played.texts.length === sent.length) got.resolve()
    }
    for (const text of sent) client.send(text)
    await got.promise
    expect(played.texts).toEqual(sent)
    client.close()
    await played.closed.promise
    expect(await played.end.promise).toEqual({ outcome: 'complete', bytes: 8 })
    expect(socket.isOpen).toBe(false)
    expect(socket.send('too late')).toBe(false)
    await socket.drained()
  })

  test('is closed with a reason', async () => {
    const played = playing()
    const client = await openClient()
    const closing = next(client, 'close') as Promise<CloseEvent>
    ;(await played.opened.promise).close(4401, 'gone')
    const { code, reason } = await closing
    expect({ code, reason }).toEqual({ code: 4401, reason: 'gone' })
    await played.closed.promise
  })

  test('may be closed as soon as it opens, and that is heard once', async () => {
    const played = playing()
    played.isRefused = true
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    const closing = next(client, 'close') as Promise<CloseEvent>
    expect((await closing).code).toBe(4429)
    await played.end.promise
    expect(played.closes).toBe(1)
  })

  test('takes no binary frames', async () => {
    const played = playing()
    const client = await openClient()
    const closing = next(client, 'close') as Promise<CloseEvent>
    client.send(new Uint8Array(3))
    expect((await closing).code).toBe(1003)
    expect(played.texts).toEqual([])
    await played.closed.promise
  })

  test('takes no frame that is too long', async () => {
    const played = playing()
    const client = await openClient()
    const closing = next(client, 'close') as Promise<CloseEvent>
    client.send('x'.repeat(1001))
    expect((await closing).code).toBe(1009)
    expect(played.texts).toEqual([])
    await played.closed.promise
  })

  test('is refused to whoever sends no handshake', async () => {
    playing()
    const response = await fetch(`http://127.0.0.1:${port}/ws`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'invalid_request' })
  })

  test('tells when the client is slower, and when it has room again', async () => {
    const played = playing()
    const client = await rawClient()
    const socket = await played.opened.promise
    client.pause()
    let sent = 0
    while (socket.send('x'.repeat(10_000))) sent++
    expect(sent).toBeGreaterThan(1)
    let hasRoom = false
    const drained = socket.drained().then(() => {
      hasRoom = true
    })
    await Bun.sleep(20)
    expect(hasRoom).toBe(false)
    client.resume()
    await drained
    expect(socket.send('more')).toBe(true)
    client.destroy()
    await played.closed.promise
    expect((await played.end.promise).outcome).toBe('client_left')
  })

  test('is cut when the client takes nothing any more', async () => {
    const played = playing({ pingSeconds: 0.1, stallSeconds: 0.2 })
    const client = await rawClient()
    const socket = await played.opened.promise
    const alive = setInterval(() => client.write(maskedFrame(0xa)), 20)
    client.pause()
    while (socket.send('x'.repeat(10_000))) {}
    await played.closed.promise
    clearInterval(alive)
    await socket.drained()
    client.destroy()
  })

  test('is asked whether it lives, and cut when it does not answer', async () => {
    const played = playing({ pingSeconds: 0.05 })
    const client = await rawClient()
    const ping = 0x89
    let answersLeft = 5
    client.on('data', (data: Buffer) => {
      if (data[0] === ping && answersLeft-- > 0) client.write(maskedFrame(0xa))
    })
    await played.closed.promise
    expect(answersLeft).toBeLessThan(0)
    client.destroy()
  })

  test('answers the pings of a client', async () => {
    playing()
    const client = await rawClient()
    const answer = new Promise<Buffer>((resolve) => client.once('data', resolve))
    client.write(maskedFrame(0x9))
    expect((await answer)[0]).toBe(0x8a)
    client.destroy()
  })
})

async function openClient(): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`)
  await next(client, 'open')
  return client
}

function next(client: WebSocket, type: 'open' | 'message' | 'close'): Promise<Event> {
  return new Promise((resolve) => client.addEventListener(type, resolve, { once: true }))
}

/** A client that does nothing by itself: no pong, no reading. */
async function rawClient(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  expect(head.toString()).toStartWith('HTTP/1.1 101')
  return socket
}

/** An empty control frame as clients send them. */
function maskedFrame(opcode: number): Uint8Array {
  return Uint8Array.of(0x80 | opcode, 0x80, 1, 2, 3, 4)
}
