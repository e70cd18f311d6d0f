import { describe, expect, test } from 'bun:test'
import type { TurnEvent } from '../../src/modules/chat/events.ts'
import { gatherEvents } from '../../src/web/gather-events.ts'

const delta = (text: string): TurnEvent => ({ type: 'delta', data: { text } })
const done: TurnEvent = { type: 'done', data: { finish_reason: 'stop' } }

describe('events that come fast', () => {
  test('the first words are heard at once, those behind them together', async () => {
    const heard: TurnEvent[][] = []
    const second = Promise.withResolvers<void>()
    const { add } = gatherEvents((events) => {
      heard.push(events)
      if (heard.length === 2) second.resolve()
    })
    add([delta('a')])
    expect(heard).toEqual([[delta('a')]])
    add([delta('b')])
    add([delta('c'), delta('d')])
    expect(heard).toHaveLength(1)
    await second.promise
    expect(heard[1]).toEqual([delta('b'), delta('c'), delta('d')])
  })

  test('what is more than words is heard at once, after the words before it', () => {
    const heard: TurnEvent[][] = []
    const { add } = gatherEvents((events) => heard.push(events))
    add([delta('a')])
    add([delta('b')])
    add([done])
    expect(heard).toEqual([[delta('a')], [delta('b'), done]])
  })

  test('nothing is held back at the end, and nothing heard twice', async () => {
    const heard: TurnEvent[][] = []
    const { add, flush } = gatherEvents((events) => heard.push(events))
    add([delta('a')])
    add([delta('b')])
    flush()
    flush()
    await Bun.sleep(100)
    expect(heard.flat()).toEqual([delta('a'), delta('b')])
  })
})
