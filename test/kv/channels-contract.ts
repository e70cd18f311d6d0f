import { describe, expect, test } from 'bun:test'
import type { Kv } from '../../src/kv/kv.ts'
import { eventually } from './eventually.ts'
import { listenTo } from './logs-contract.ts'

/** What every store promises to those who listen in the same process, whether or not it is there. */
export function keepsChannels(name: string, kv: () => Kv): void {
  let count = 0
  const fresh = (word: string) => `channels:${name}:${word}:${++count}:${Date.now()}`

  describe(`${name}: channels`, () => {
    test('all who listen to a channel hear each message once and in order, nobody else does', async () => {
      const channel = fresh('order')
      const listeners = [1, 2, 3].map(() => listenTo(kv(), channel))
      const elsewhere = listenTo(kv(), `${channel}x`)
      const messages = Array.from({ length: 100 }, (_, index) => `message ${index}`)
      for (const message of messages) kv().publish(channel, message)
      await theLastIsHeard(kv(), channel)
      for (const { heard, stop } of listeners) {
        expect(heard.slice(0, messages.length)).toEqual(messages)
        expect(heard).toHaveLength(messages.length + 1)
        stop()
      }
      expect(elsewhere.heard).toEqual([])
      elsewhere.stop()
    })

    test('nobody is called while the message is being published', async () => {
      const channel = fresh('later')
      const { heard, stop } = listenTo(kv(), channel)
      kv().publish(channel, 'one')
      expect(heard).toEqual([])
      await eventually(() => heard.length === 1)
      stop()
    })

    test('who has stopped hears nothing more, the others do', async () => {
      const channel = fresh('stop')
      const [gone, here] = [listenTo(kv(), channel), listenTo(kv(), channel)]
      kv().publish(channel, 'one')
      await eventually(() => here.heard.length === 1)
      gone.stop()
      gone.stop()
      kv().publish(channel, 'two')
      await eventually(() => here.heard.length === 2)
      expect(gone.heard).toEqual(['one'])
      here.stop()
      const again = listenTo(kv(), channel)
      kv().publish(channel, 'three')
      await eventually(() => again.heard.length === 1)
      expect(here.heard).toEqual(['one', 'two'])
      again.stop()
    })

    test('one function may listen twice', async () => {
      const channel = fresh('twice')
      const heard: string[] = []
      const listener = (message: string) => void heard.push(message)
      const [first, second] = [kv().subscribe(channel, listener), kv().subscribe(channel, listener)]
      kv().publish(channel, 'one')
      await eventually(() => heard.length === 2)
      first()
      kv().publish(channel, 'two')
      await eventually(() => heard.length === 3)
      second()
      expect(heard).toEqual(['one', 'one', 'two'])
    })

    test.each([
      ['nothing', ''],
      ['blanks', ' a b  c'],
      ['JSON', '{"你":"好"}'],
      ['lines', 'line\nline\0'],
      ['60 kB', '史'.repeat(20_000)],
    ])('%s arrives as it was', async (_, text) => {
      const channel = `${fresh('text')} 频道 \n*?`
      const { heard, stop } = listenTo(kv(), channel)
      kv().publish(channel, text)
      await eventually(() => heard.length === 1)
      expect(heard).toEqual([text])
      stop()
    })
  })
}

async function theLastIsHeard(kv: Kv, channel: string): Promise<void> {
  const { heard, stop } = listenTo(kv, channel)
  kv.publish(channel, 'the last')
  await eventually(() => heard.includes('the last'))
  stop()
}
