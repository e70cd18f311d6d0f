import { afterAll, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { type LineSource, ndjson } from '../../src/http/ndjson.ts'
import { type StreamEnd, streamEndOf } from '../../src/http/stream-end.ts'
import { openRawRequest, rawRequest } from '../support/raw-request.ts'

interface Play {
  next(): Promise<string | null>
  options?: Parameters<typeof ndjson>[2]
  outcomes: StreamEnd['outcome'][]
  end: PromiseWithResolvers<StreamEnd>
}

let play: Play
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    const { next, outcomes, end, options } = play
    // Every real route has waited for something; what it then offers leaves later than at once.
    await Bun.sleep(1)
    const source: LineSource = { next, close: async (outcome) => void outcomes.push(outcome) }
    const response = ndjson(request, source, options)
    streamEndOf(request)?.then(end.resolve)
    return response
  },
})
const port = server.port ?? 0
afterAll(() => server.stop(true))

function playing(next: Play['next'], options?: Play['options']): Play {
  play = { next, outcomes: [], end: Promise.withResolvers(), ...(options ? { options } : {}) }
  return play
}

const textLine = (text: string) => `{"text": ${JSON.stringify(text)}}\n`

const get = { method: 'GET', path: '/' }

function script(...steps: (string | null | Error)[]): Play['next'] {
  return async () => {
    const step = steps.shift() ?? null
    if (step instanceof Error) throw step
    return step
  }
}

describe('lines as a body', () => {
  test('arrive in order and end with the body', async () => {
    const { outcomes, end } = playing(script(textLine('a'), textLine('b') + textLine('c')))
    const { status, body, isComplete } = await rawRequest(port, get)
    expect({ status, body, isComplete }).toEqual({
      status: 200,
      body: '{"text": "a"}\n{"text": "b"}\n{"text": "c"}\n',
      isComplete: true,
    })
    expect(outcomes).toEqual(['complete'])
    expect(await end.promise).toEqual({ outcome: 'complete', bytes: 42 })
  })

  test('are neither kept nor held back nor changed on the way', async () => {
    playing(script())
    const { headers } = await rawRequest(port, get)
    expect(headers.get('cache-control')).toBe('no-store, no-transform')
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect(headers.get('content-type')).toBe('application/x-ndjson')
  })

  test('have the headers that the route wants', async () => {
    playing(script(), { headers: { 'content-type': 'application/json' } })
    expect((await rawRequest(port, get)).headers.get('content-type')).toBe('application/json')
  })

  test('are cut when the source fails: the client sees no end', async () => {
    const { outcomes, end } = playing(script(textLine('a'), new Error('broken')))
    const { body, isComplete } = await rawRequest(port, get)
    expect({ body, isComplete }).toEqual({ body: '{"text": "a"}\n', isComplete: false })
    expect(outcomes).toEqual(['failed'])
    expect((await end.promise).outcome).toBe('failed')
  })

  test('end when the source has written down what was said, not before', async () => {
    const { promise: written, resolve } = Promise.withResolvers<void>()
    const response = ndjson(new Request('http://localhost/'), {
      next: script(textLine('a')),
      close: () => written,
    })
    let isEnded = false
    const text = response.text().finally(() => {
      isEnded = true
    })
    await new Promise(setImmediate)
    expect(isEnded).toBe(false)
    resolve()
    expect(await text).toBe('{"text": "a"}\n')
  })

  test('stop when the client leaves, even while the source is silent', async () => {
    const silent = Promise.withResolvers<string | null>()
    const steps = [Promise.resolve(textLine('a')), silent.promise]
    const { outcomes, end } = playing(() => steps.shift() ?? Promise.resolve(null))
    const open = openRawRequest(port, get)
    while (open.received() === '') await Bun.sleep(1)
    open.leave()
    expect((await end.promise).outcome).toBe('client_left')
    silent.resolve(textLine('too late'))
    expect(outcomes).toEqual(['client_left'])
  })

  test('stop also for a client that left before they began', async () => {
    const leaving = new AbortController()
    leaving.abort()
    const outcomes: string[] = []
    ndjson(new Request('http://localhost/', { signal: leaving.signal }), {
      next: script(),
      close: async (outcome) => void outcomes.push(outcome),
    })
    expect(outcomes).toEqual(['client_left'])
  })

  test('are not asked for faster than the client takes them', async () => {
    let produced = 0
    const { end } = playing(async () => {
      produced++
      return textLine('x'.repeat(10_000))
    })
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).pause()
    let before = -1
    while (produced !== before) {
      before = produced
      await Bun.sleep(50)
    }
    // What the system's socket buffers hold, and a source that never ends would be far beyond.
    expect(produced).toBeLessThan(2000)
    socket.destroy()
    expect((await end.promise).outcome).toBe('client_left')
  })

  test('are cut for a client that takes nothing any more', async () => {
    const { end, outcomes } = playing(async () => textLine('x'.repeat(10_000)), { stallSeconds: 0.2 })
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).pause()
    socket.on('error', () => {})
    expect((await end.promise).outcome).toBe('client_left')
    expect(outcomes).toEqual(['client_left'])
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.resume()
    await closed
  })

  test('are not cut because the source is silent for long', async () => {
    let calls = 0
    const { outcomes } = playing(
      async () => {
        calls++
        if (calls === 2) await Bun.sleep(150)
        return calls < 3 ? textLine('a') : null
      },
      { stallSeconds: 0.05 },
    )
    expect((await rawRequest(port, get)).isComplete).toBe(true)
    expect(outcomes).toEqual(['complete'])
  })
})
