import { afterAll, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import type { EventReader, StreamEvent } from '../../src/http/event-reader.ts'
import { type SseOptions, sse } from '../../src/http/sse.ts'
import { type StreamEnd, streamEndOf } from '../../src/http/stream-end.ts'
import { createTurnLog } from '../../src/modules/chat/turn-log.ts'
import { openRawRequest, rawRequest } from '../support/raw-request.ts'

interface Play {
  next: EventReader['next']
  options?: SseOptions
  closed: number
  end: PromiseWithResolvers<StreamEnd>
}

let play: Play
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request) {
    const { next, options, end } = play
    const reader: EventReader = { next: () => next(), close: () => void play.closed++ }
    const response = sse(request, reader, options)
    streamEndOf(request)?.then(end.resolve)
    return response
  },
})
const port = server.port ?? 0
afterAll(() => server.stop(true))

function playing(next: Play['next'], options?: SseOptions): Play {
  play = { next, closed: 0, end: Promise.withResolvers(), ...(options ? { options } : {}) }
  return play
}

const get = { method: 'GET', path: '/' }
const retry = 'retry: 1000\n\n'

function script(...steps: (StreamEvent[] | null | Error)[]): Play['next'] {
  return async () => {
    const step = steps.shift() ?? null
    if (step instanceof Error) throw step
    return step
  }
}

function delta(seq: number, text: string): StreamEvent {
  return { seq, type: 'delta', data: JSON.stringify({ text }) }
}

const silence = () => new Promise<null>(() => {})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(1)
}

describe('server-sent events', () => {
  test('are written as browsers read them, in order, to the end', async () => {
    const played = playing(
      script([delta(1, 'a'), delta(2, 'b\n\nc')], [{ type: 'title', data: '{"title":"好"}' }]),
    )
    const { status, body, isComplete } = await rawRequest(port, get)
    expect({ status, body, isComplete }).toEqual({
      status: 200,
      body:
        `${retry}id: 1\nevent: delta\ndata: {"text":"a"}\n\n` +
        'id: 2\nevent: delta\ndata: {"text":"b\\n\\nc"}\n\n' +
        'event: title\ndata: {"title":"好"}\n\n',
      isComplete: true,
    })
    expect(played.closed).toBe(1)
    expect(await played.end.promise).toEqual({ outcome: 'complete', bytes: Buffer.byteLength(body) })
  })

  test('have the headers by which no proxy keeps or holds them back', async () => {
    playing(script())
    const { headers } = await rawRequest(port, { ...get, headers: [['accept-encoding', 'gzip, br']] })
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect(headers.has('content-encoding')).toBe(false)
  })

  test('begin before the first of them is there', async () => {
    const played = playing(silence)
    const open = openRawRequest(port, get)
    await until(() => open.received() === retry)
    open.leave()
    expect((await played.end.promise).outcome).toBe('client_left')
    expect(played.closed).toBe(1)
  })

  test('cost at most 50 bytes beyond their text on the wire, however long the answer', async () => {
    const texts = ['word ', '词', 'x'.repeat(3000)]
    for (const seq of [1, 32_768]) {
      for (const text of texts) {
        const without = await wireBytes()
        const bytes = (await wireBytes([delta(seq, text)])) - without
        expect(bytes - Buffer.byteLength(text)).toBeWithin(37, 51)
      }
    }
  })

  test('of a log are the same for every reader, from any number on', async () => {
    const log = createTurnLog()
    const written: string[] = []
    for (let at = 1; at <= 20; at++) {
      const entry = log.append({ type: 'delta', data: { text: `词${at}` } })
      written.push(`id: ${at}\nevent: delta\ndata: ${entry.data}\n\n`)
    }
    for (const after of [0, 1, 7, 19, 20]) {
      playing(script(log.after(after)))
      const { body } = await rawRequest(port, get)
      expect(body).toBe(retry + written.slice(after).join(''))
    }
  })

  test('have a comment between them when they are quiet, and none when they are not', async () => {
    const { promise: quietIsOver, resolve: endQuiet } = Promise.withResolvers<void>()
    const steps: Play['next'][] = [
      async () => [delta(1, 'a')],
      async () => quietIsOver.then(() => [delta(2, 'b')]),
      async () => null,
    ]
    playing(() => steps.shift()?.() ?? Promise.resolve(null), { heartbeatSeconds: 0.05 })
    const open = openRawRequest(port, get)
    await until(() => open.received().split(':\n\n').length > 3)
    endQuiet()
    const { body, isComplete } = await open.response
    expect(body.replace(/^:\n\n/gm, '')).toBe(
      `${retry}id: 1\nevent: delta\ndata: {"text":"a"}\n\nid: 2\nevent: delta\ndata: {"text":"b"}\n\n`,
    )
    expect(isComplete).toBe(true)

    let count = 0
    playing(
      async () => {
        await Bun.sleep(1)
        return count++ < 300 ? [delta(count, 'a')] : null
      },
      { heartbeatSeconds: 0.25 },
    )
    expect((await rawRequest(port, get)).body).not.toContain('\n:\n')
  })

  test('are cut without an end when their source breaks: the client comes back', async () => {
    const played = playing(script([delta(1, 'a')], new Error('broken')))
    const { body, isComplete } = await rawRequest(port, get)
    expect({ body, isComplete }).toEqual({
      body: `${retry}id: 1\nevent: delta\ndata: {"text":"a"}\n\n`,
      isComplete: false,
    })
    expect((await played.end.promise).outcome).toBe('failed')
  })

  test('end when what they live on ends, even while they are quiet', async () => {
    let end = () => {}
    let watches = 0
    const played = playing(silence, {
      whileOpen(close) {
        watches++
        end = close
        return () => void watches--
      },
    })
    const open = openRawRequest(port, get)
    await until(() => open.received() === retry)
    expect(watches).toBe(1)
    end()
    expect((await open.response).isComplete).toBe(true)
    expect(played.closed).toBe(1)
    expect(watches).toBe(0)
  })

  test('are dropped for a client that takes nothing of what there is', async () => {
    let seq = 0
    const played = playing(async () => [delta(++seq, 'x'.repeat(10_000))], { stallSeconds: 0.2 })
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).pause()
    socket.on('error', () => {})
    expect((await played.end.promise).outcome).toBe('client_left')
    expect(played.closed).toBe(1)
    expect(seq).toBeLessThan(2000)
    socket.destroy()
  })

  test('are not dropped because there is nothing', async () => {
    const { promise: quietIsOver, resolve: endQuiet } = Promise.withResolvers<null>()
    playing(() => quietIsOver, { stallSeconds: 0.02, heartbeatSeconds: 0.02 })
    const open = openRawRequest(port, get)
    await until(() => open.received().split(':\n\n').length > 5)
    endQuiet(null)
    expect((await open.response).isComplete).toBe(true)
  })
})

/** Bytes of a whole answer as they come over the wire, headers and framing included. */
function wireBytes(...steps: StreamEvent[][]): Promise<number> {
  playing(async () => {
    // What comes alone is a chunk of its own: not joined to what went before.
    await Bun.sleep(20)
    return steps.shift() ?? null
  })
  return new Promise((resolve) => {
    let bytes = 0
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    })
    socket.on('data', (data: Buffer) => {
      bytes += data.byteLength
      if (data.toString().endsWith('0\r\n\r\n')) socket.end()
    })
    socket.on('close', () => resolve(bytes))
  })
}
