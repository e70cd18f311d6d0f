import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test'
import { delta, done, follow, nextRequest, question, running, start } from '../support/followed-turn.ts'
import { createScriptedDevice } from '../support/scripted-device.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('a stream that is read over several connections', () => {
  test('between two tries lie 1 to 15 seconds, more each time, and what the server asks for', async () => {
    const waits = async (random: number, retryAfter: string | null) => {
      const { device, disconnected } = follow(running, createScriptedDevice({ random }))
      const found: number[] = []
      for (let count = 1; count <= 6; count++) {
        const request = await device.request(count)
        const headers = retryAfter === null ? undefined : { 'retry-after': retryAfter }
        request.answer(new Response('', { status: 503, headers }))
        await disconnected(count)
        found.push(advanceUntil(() => device.requests.length > count))
      }
      return found
    }
    expect(await waits(0, null)).toEqual([1000, 1000, 1000, 1000, 1000, 1000])
    expect(await waits(0.999999, null)).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000])
    expect(await waits(0, '7')).toEqual([7000, 7000, 7000, 7000, 7000, 7000])
  })

  test('20 seconds of silence are the end of a connection; a heartbeat is not silence', async () => {
    const { device, read, disconnected } = follow(running)
    const first = await device.request(1)
    first.open()
    first.say(start)
    await read(1)
    jest.advanceTimersByTime(19_999)
    first.say(`:\n\n${delta(2, 'x')}`)
    await read(2)
    jest.advanceTimersByTime(19_999)
    expect(device.requests.length).toBe(1)
    jest.advanceTimersByTime(1)
    await first.left
    await disconnected(1)
    jest.advanceTimersByTime(1000)
    expect((await device.request(2)).headers.get('last-event-id')).toBe('2')
  })

  test('silence before any answer is one too', async () => {
    const { device } = follow(question)
    const first = await device.request(1)
    jest.advanceTimersByTime(20_000)
    await first.left
    expect((await nextRequest(device, 2)).path).toBe('send')
  })

  test('a device that wakes up does not wait for the next try', async () => {
    for (const why of ['network', 'shown'] as const) {
      const { device, disconnected } = follow(running)
      ;(await device.request(1)).lose()
      await disconnected(1)
      device.wake(why)
      await device.request(2)
    }
  })

  test('a connection that the device has slept over, or whose network is gone, is left at once', async () => {
    for (const [why, quietMs] of [
      ['shown', 10_001],
      ['network', 1001],
    ] as const) {
      const { device, read } = follow(running)
      const first = await device.request(1)
      first.open()
      first.say(start)
      await read(1)
      jest.advanceTimersByTime(quietMs)
      device.wake(why)
      await first.left
      expect((await device.request(2)).headers.get('last-event-id')).toBe('1')
    }
  })

  test('a connection that has just been heard of is kept when the page is shown', async () => {
    const { device, read, following } = follow(running)
    const first = await device.request(1)
    first.open()
    first.say(start)
    await read(1)
    jest.advanceTimersByTime(9000)
    device.wake('shown')
    first.say(done(2))
    await following
    expect(device.requests.length).toBe(1)
  })

  test('it can be left in the middle, before an answer, and between two tries', async () => {
    for (const moment of ['open', 'asked', 'waiting'] as const) {
      const { device, following, leave, disconnected, read } = follow(running)
      const first = await device.request(1)
      if (moment === 'open') {
        first.open()
        first.say(start)
        await read(1)
      }
      if (moment === 'waiting') {
        first.lose()
        await disconnected(1)
      }
      leave()
      await first.left
      expect(await following).toEqual({ type: 'left' })
      expect(device.requests.length).toBe(1)
      expect(jest.getTimerCount()).toBe(0)
    }
  })
})

/** The milliseconds that it takes. */
function advanceUntil(isThere: () => boolean): number {
  let passed = 0
  for (; !isThere() && passed < 60_000; passed += 1000) jest.advanceTimersByTime(1000)
  return passed
}
