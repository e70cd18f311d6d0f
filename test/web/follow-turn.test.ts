import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test'
import fc from 'fast-check'
import {
  delta,
  done,
  follow,
  nextRequest,
  question,
  running,
  start,
  textOf,
  wire,
} from '../support/followed-turn.ts'
import { createScriptedDevice, type ScriptedDevice } from '../support/scripted-device.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('followTurn', () => {
  test('asks once, then resumes with the number of the last event', async () => {
    const { device, following, read } = follow(question)
    const first = await device.request(1)
    expect([first.path, first.init.method]).toEqual(['send', 'POST'])
    first.open()
    first.say(`retry: 1000\n\n${start}${delta(2, 'one')}`)
    await read(2)
    first.end()

    const second = await nextRequest(device, 2)
    expect([second.path, second.init.method]).toEqual(['api/v1/turns/turn-1/events', undefined])
    expect(second.headers.get('last-event-id')).toBe('2')
    second.open()
    second.say(delta(3, ' two') + done(4))
    expect(await following).toEqual({ type: 'done', finishReason: 'stop' })
    expect(textOf(await read(4))).toBe('one two')
  })

  test('a question whose answer was lost on the way is sent again, as the same', async () => {
    const { device, following } = follow(question)
    const first = await device.request(1)
    first.lose()
    const second = await nextRequest(device, 2)
    expect([second.path, second.headers.get('idempotency-key')]).toEqual(['send', 'once'])
    second.open()
    second.say(start + done(2))
    expect(await following).toMatchObject({ type: 'done' })
  })

  test('what was heard already is passed over, but a snapshot replaces everything, whatever its number', async () => {
    const { device, following, read } = follow(running)
    const first = await device.request(1)
    expect(first.headers.has('last-event-id')).toBe(false)
    first.open()
    first.say(start + delta(2, 'a') + delta(3, 'b') + delta(3, 'b') + delta(2, 'a'))
    await read(3)
    first.lose()
    const second = await nextRequest(device, 2)
    second.open()
    second.say(wire(2, 'snapshot', { text: 'A', reasoning: '' }) + delta(3, 'B') + done(4))
    await following
    expect(textOf(await read(6))).toBe('AB')
  })

  test('how it failed is told as the server tells it', async () => {
    const { device, following } = follow(running)
    const request = await device.request(1)
    request.open()
    request.say(wire(7, 'error', { code: 'interrupted' }))
    expect(await following).toEqual({ type: 'failed', problem: { code: 'interrupted' } as never })
  })

  test('only 401 and 404 end it while it runs', async () => {
    for (const status of [401, 404]) {
      const { device, following } = follow(running)
      ;(await device.request(1)).answer(new Response('why', { status }))
      expect(await following).toEqual({ type: 'refused', status, body: 'why' })
    }
    const { device, following } = follow(running)
    const passing = [400, 403, 408, 429, 500, 502, 503, 504]
    for (const [index, status] of passing.entries()) {
      const request = await nextRequest(device, index + 1)
      request.answer(new Response('', { status }))
    }
    const last = await nextRequest(device, passing.length + 1)
    last.open()
    last.say(done(2))
    expect(await following).toMatchObject({ type: 'done' })
  })

  test('a question may be refused for good, but not by a server that is just starting', async () => {
    for (const status of [400, 401, 403, 404, 409, 413, 429, 500]) {
      const { device, following } = follow(question)
      ;(await device.request(1)).answer(new Response('', { status }))
      expect(await following).toMatchObject({ type: 'refused', status })
    }
    const { device, following } = follow(question)
    for (const [index, status] of [502, 503, 504].entries()) {
      ;(await nextRequest(device, index + 1)).answer(new Response('', { status }))
    }
    const last = await nextRequest(device, 4)
    last.open()
    last.say(start + done(2))
    expect(await following).toMatchObject({ type: 'done' })
  })

  test('a page that somebody else sends in our name is no answer', async () => {
    const { device, following } = follow(running)
    ;(await device.request(1)).answer(new Response('<h1>Welcome to the hotel</h1>', { headers: html }))
    const second = await nextRequest(device, 2)
    second.open()
    second.say(done(1))
    expect(await following).toMatchObject({ type: 'done' })
  })

  test('whatever is cut off wherever: the whole is read, each event once and in order', async () => {
    const said = fc.array(fc.string({ unit: 'grapheme' }))
    const cuts = fc.array(fc.record({ bytes: fc.nat({ max: 400 }), piece: fc.integer({ min: 1, max: 50 }) }))
    await fc.assert(
      fc.asyncProperty(said, cuts, async (texts, connections) => {
        const log = [start, ...texts.map((text, index) => delta(index + 2, text)), done(texts.length + 2)]
        const { device, following, events } = follow(question, cuttingDevice(log, connections))
        expect(await following).toMatchObject({ type: 'done' })
        expect(events.map(({ type }) => type)).toEqual([
          'start',
          ...texts.map(() => 'delta' as const),
          'done',
        ])
        expect(textOf(events)).toBe(texts.join(''))
        expect(device.requests.length).toBeLessThanOrEqual(connections.length + 1)
      }),
      { numRuns: 300 },
    )
  })
})

const html = { 'content-type': 'text/html' }

/** A service that knows a log, over connections that are cut after so many bytes; the last is not. */
function cuttingDevice(log: string[], connections: { bytes: number; piece: number }[]): ScriptedDevice {
  const device = createScriptedDevice()
  const encoder = new TextEncoder()
  return {
    ...device,
    async fetch(path, init) {
      void device.fetch(path, init)
      const cut = connections[device.requests.length - 1]
      const after = Number(new Headers(init.headers).get('last-event-id') ?? 0)
      const bytes = encoder.encode(`retry: 1000\n\n${log.slice(after).join('')}`)
      const kept = bytes.subarray(0, cut?.bytes)
      const size = cut?.piece ?? 7
      let from = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = kept.subarray(from, from + size)
          from += size
          if (piece.length > 0) controller.enqueue(piece)
          else if (kept.length < bytes.length) controller.error(new TypeError('Load failed'))
          else controller.close()
        },
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
    // It never has to wait: the network is back at once.
    onWake(listener) {
      queueMicrotask(() => listener('shown'))
      return device.onWake(listener)
    },
  }
}
