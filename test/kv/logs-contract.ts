import { describe, expect, test } from 'bun:test'
import type { Kv, LogAppend } from '../../src/kv/kv.ts'
import type { Subject } from './contract.ts'

/** What every store that is there promises of its logs. */
export function keepsLogs(name: string, { kv, pass }: Subject): void {
  let count = 0
  const fresh = (word: string) => `logs:${name}:${word}:${++count}:${Date.now()}`

  describe(`${name}: logs`, () => {
    test('what was appended is read in order, from any number on', async () => {
      const key = fresh('order')
      expect(await kv().appendToLogs([whole(key, 1, 'one')])).toEqual([])
      expect(await kv().appendToLogs([more(key, 2, 'two'), more(key, 3, 'three')])).toEqual([])
      const all = [
        { number: 1, value: 'one' },
        { number: 2, value: 'two' },
        { number: 3, value: 'three' },
      ]
      for (const after of [0, 1, 2, 3, 4]) expect(await kv().readLog(key, after)).toEqual(all.slice(after))
    })

    test('a log that was never begun is not there, and no append begins it', async () => {
      const key = fresh('missing')
      expect(await kv().readLog(key, 0)).toBeNull()
      expect(await kv().appendToLogs([more(key, 5, 'five'), more(key, 6, 'six')])).toEqual([key])
      expect(await kv().readLog(key, 0)).toBeNull()
    })

    test('one call for many logs tells which of them are not there', async () => {
      const keys = Array.from({ length: 50 }, (_, index) => fresh(`many ${index}`))
      await kv().appendToLogs(keys.filter((_, index) => index % 3 > 0).map((key) => whole(key, 1, key)))
      const missing = await kv().appendToLogs(keys.map((key) => more(key, 2, `${key} again`)))
      expect(missing.sort()).toEqual(keys.filter((_, index) => index % 3 === 0).sort())
      expect(await kv().readLog(keys[1] ?? '', 1)).toEqual([{ number: 2, value: `${keys[1]} again` }])
    })

    test('a call for no log at all is nothing', async () => {
      expect(await kv().appendToLogs([])).toEqual([])
    })

    test('what is there already is not there twice', async () => {
      const key = fresh('again')
      await kv().appendToLogs([whole(key, 1, 'one'), more(key, 4, 'four')])
      expect(
        await kv().appendToLogs([more(key, 4, 'four'), more(key, 2, 'two'), more(key, 5, 'five')]),
      ).toEqual([])
      expect(await kv().readLog(key, 0)).toEqual([
        { number: 1, value: 'one' },
        { number: 4, value: 'four' },
        { number: 5, value: 'five' },
      ])
    })

    test('as a whole it stands in place of whatever was there, be it longer', async () => {
      const key = fresh('whole')
      await kv().appendToLogs([whole(key, 7, 'old'), more(key, 9, 'older')])
      expect(await kv().appendToLogs([whole(key, 3, 'new')])).toEqual([])
      expect(await kv().readLog(key, 0)).toEqual([{ number: 3, value: 'new' }])
      expect(await kv().appendToLogs([more(key, 4, 'newer')])).toEqual([])
      expect(await kv().readLog(key, 3)).toEqual([{ number: 4, value: 'newer' }])
    })

    test.each([
      ['nothing', ''],
      ['lines', 'a\r\nb\0c'],
      ['Chinese and emoji', '你好 👩‍👩‍👧'],
      ['64 KiB', '史'.repeat(65_536 / 3)],
    ])('%s comes back as it was', async (_, value) => {
      const key = `${fresh('text')} 键 \n:*?`
      await kv().appendToLogs([whole(key, 2 ** 40, value)])
      expect(await kv().readLog(key, 2 ** 40 - 1)).toEqual([{ number: 2 ** 40, value }])
    })

    test('it ends with its time, and each append gives it a new one', async () => {
      const [kept, left] = [fresh('kept'), fresh('left')]
      await kv().appendToLogs([whole(kept, 1, 'one', 0.4), whole(left, 1, 'one', 0.4)])
      await kv().appendToLogs([more(kept, 2, 'two', 60)])
      await pass(450)
      expect(await kv().readLog(kept, 0)).toHaveLength(2)
      expect(await kv().readLog(left, 0)).toBeNull()
      expect(await kv().appendToLogs([more(left, 2, 'two')])).toEqual([left])
    })
  })
}

export function whole(key: string, number: number, value: string, ttlSeconds = 60): LogAppend {
  return { key, number, value, ttlSeconds, isWhole: true }
}

export function more(key: string, number: number, value: string, ttlSeconds = 60): LogAppend {
  return { key, number, value, ttlSeconds, isWhole: false }
}

/** What a listener of this channel has heard so far, and the way to stop it. */
export function listenTo(kv: Kv, channel: string) {
  const heard: string[] = []
  return { heard, stop: kv.subscribe(channel, (message) => void heard.push(message)) }
}
