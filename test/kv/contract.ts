import { describe, expect, test } from 'bun:test'
import type { Kv } from '../../src/kv/kv.ts'

export interface Subject {
  /** A fresh name each time: stores are shared between tests. */
  kv(): Kv
  /** Lets time go by: moves a clock, or waits where the clock is the server's. */
  pass(ms: number): Promise<void>
}

/** What every store promises, whatever it is made of. */
export function keepsTheContract(name: string, { kv, pass }: Subject): void {
  let count = 0
  const fresh = (word: string) => `contract:${name}:${word}:${++count}:${Date.now()}`

  describe(`${name}: values`, () => {
    test('what was set is there, what was not is null', async () => {
      const key = fresh('value')
      expect(await kv().get(key)).toBeNull()
      await kv().set(key, 'one', 60)
      expect(await kv().get(key)).toBe('one')
      await kv().set(key, 'two', 60)
      expect(await kv().get(key)).toBe('two')
      expect(await kv().get(`${key}x`)).toBeNull()
    })

    test.each([
      ['nothing', ''],
      ['a number', '007'],
      ['lines', 'a\r\nb\0c'],
      ['Chinese and emoji', '你好 👩‍👩‍👧'],
      ['64 KiB', '史'.repeat(65_536 / 3)],
    ])('%s comes back as it was', async (_, value) => {
      const key = `${fresh('text')} 键 \n:*?`
      await kv().set(key, value, 60)
      expect(await kv().get(key)).toBe(value)
    })

    test('deleting', async () => {
      const key = fresh('delete')
      await kv().set(key, 'one', 60)
      await kv().delete(key)
      expect(await kv().get(key)).toBeNull()
      await kv().delete(key)
    })

    test('a value ends with its time', async () => {
      const key = fresh('end')
      await kv().set(key, 'one', 0.4)
      expect(await kv().get(key)).toBe('one')
      await pass(450)
      expect(await kv().get(key)).toBeNull()
    })

    test('setting anew gives a new time', async () => {
      const [longer, shorter] = [fresh('longer'), fresh('shorter')]
      await kv().set(longer, 'one', 0.4)
      await kv().set(longer, 'two', 60)
      await kv().set(shorter, 'one', 60)
      await kv().set(shorter, 'two', 0.4)
      await pass(450)
      expect(await kv().get(longer)).toBe('two')
      expect(await kv().get(shorter)).toBeNull()
    })

    test('expire gives a living key a new time, and only that', async () => {
      const key = fresh('expire')
      expect(await kv().expire(key, 60)).toBe(false)
      expect(await kv().get(key)).toBeNull()
      await kv().set(key, 'one', 0.4)
      expect(await kv().expire(key, 60)).toBe(true)
      await pass(450)
      expect(await kv().get(key)).toBe('one')
      expect(await kv().expire(key, 0.05)).toBe(true)
      await pass(100)
      expect(await kv().expire(key, 60)).toBe(false)
    })
  })

  describe(`${name}: locks`, () => {
    test('one of many gets it', async () => {
      const key = fresh('lock')
      const owners = Array.from({ length: 20 }, (_, index) => `owner ${index}`)
      const gotIt = await Promise.all(owners.map((owner) => kv().setIfAbsent(key, owner, 60)))
      expect(gotIt.filter(Boolean)).toHaveLength(1)
      expect(await kv().get(key)).toBe(owners[gotIt.indexOf(true)] ?? '')
    })

    test('only its owner gives it back', async () => {
      const key = fresh('release')
      expect(await kv().setIfAbsent(key, 'mine', 60)).toBe(true)
      expect(await kv().deleteIfEquals(key, 'theirs')).toBe(false)
      expect(await kv().setIfAbsent(key, 'theirs', 60)).toBe(false)
      expect(await kv().deleteIfEquals(key, 'mine')).toBe(true)
      expect(await kv().deleteIfEquals(key, 'mine')).toBe(false)
      expect(await kv().setIfAbsent(key, 'theirs', 60)).toBe(true)
    })

    test('it ends with its time, and is not its old owner’s any more', async () => {
      const key = fresh('stale')
      expect(await kv().setIfAbsent(key, 'first', 0.4)).toBe(true)
      await pass(450)
      expect(await kv().setIfAbsent(key, 'second', 60)).toBe(true)
      expect(await kv().deleteIfEquals(key, 'first')).toBe(false)
      expect(await kv().get(key)).toBe('second')
    })

    test('its owner may prolong it', async () => {
      const key = fresh('prolong')
      await kv().setIfAbsent(key, 'mine', 0.4)
      expect(await kv().expire(key, 60)).toBe(true)
      await pass(450)
      expect(await kv().setIfAbsent(key, 'theirs', 60)).toBe(false)
    })

    test('a value stands in its way, a deleted one does not', async () => {
      const key = fresh('value')
      await kv().set(key, 'value', 60)
      expect(await kv().setIfAbsent(key, 'mine', 60)).toBe(false)
      await kv().delete(key)
      expect(await kv().setIfAbsent(key, 'mine', 60)).toBe(true)
      await kv().delete(key)
      expect(await kv().setIfAbsent(key, 'theirs', 60)).toBe(true)
    })
  })

  describe(`${name}: counters`, () => {
    test('each hit counts once, however many at a time', async () => {
      const key = fresh('count')
      const hits = await Promise.all(Array.from({ length: 20 }, () => kv().increment(key, 60)))
      expect(hits.map((hit) => hit.count).sort((a, b) => a - b)).toEqual(hits.map((_, index) => index + 1))
    })

    test('keys count apart', async () => {
      const [one, other] = [fresh('one'), fresh('other')]
      await kv().increment(one, 60)
      expect((await kv().increment(one, 60)).count).toBe(2)
      expect((await kv().increment(other, 60)).count).toBe(1)
    })

    test('later hits do not prolong the window', async () => {
      const key = fresh('window')
      expect((await kv().increment(key, 1)).count).toBe(1)
      await pass(400)
      expect((await kv().increment(key, 1)).count).toBe(2)
      await pass(700)
      expect((await kv().increment(key, 1)).count).toBe(1)
    })

    test('it tells when the window turns over, in whole seconds', async () => {
      const key = fresh('reset')
      expect((await kv().increment(key, 60)).resetSeconds).toBe(60)
      await pass(1100)
      expect((await kv().increment(key, 60)).resetSeconds).toBeWithin(50, 60)
      expect((await kv().increment(fresh('short'), 0.1)).resetSeconds).toBe(1)
    })

    test('a deleted counter begins anew', async () => {
      const key = fresh('delete')
      await kv().increment(key, 60)
      await kv().delete(key)
      expect((await kv().increment(key, 60)).count).toBe(1)
    })
  })
}
