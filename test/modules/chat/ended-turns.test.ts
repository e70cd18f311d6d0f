import { describe, expect, test } from 'bun:test'
import { type EndedTurns, keepEndedTurn } from '../../../src/modules/chat/ended-turns.ts'
import type { LiveTurn } from '../../../src/modules/chat/live-turn.ts'
import { createTurnLog } from '../../../src/modules/chat/turn-log.ts'

describe('turns that have ended', () => {
  test('all stay for a while when they are few', () => {
    const kept = keepMany(100, 10)
    expect(kept.turns.size).toBe(100)
  })

  test('the oldest go when all together, words and pieces, take more than 8 MB', () => {
    const { turns, endedTurns } = keepMany(1000, 256)
    expect(endedTurns.size).toBeLessThanOrEqual(8 * 1024 * 1024)
    expect(turns.size).toBe(endedTurns.line.length)
    expect(turns.size).toBeLessThan(300)
    expect(turns.has('turn 999')).toBe(true)
    expect(turns.has('turn 0')).toBe(false)
  })

  test('cannot be stopped any more, and hold nothing for it', () => {
    let stops = 0
    const turn = endedTurn('turn', 1)
    turn.stop = () => void stops++
    keepEndedTurn({ turns: new Map([[turn.id, turn]]), endedTurns: { line: [], size: 0 } }, turn)
    turn.stop('stopped')
    expect(stops).toBe(0)
  })
})

function keepMany(count: number, pieces: number) {
  const turns = new Map<string, LiveTurn>()
  const endedTurns: EndedTurns = { line: [], size: 0 }
  for (let index = 0; index < count; index++) {
    const turn = endedTurn(`turn ${index}`, pieces)
    turns.set(turn.id, turn)
    keepEndedTurn({ turns, endedTurns }, turn)
  }
  return { turns, endedTurns }
}

function endedTurn(id: string, pieces: number): LiveTurn {
  const log = createTurnLog()
  for (let piece = 0; piece < pieces; piece++) log.append({ type: 'delta', data: { text: 'word ' } })
  log.append({ type: 'done', data: { finish_reason: 'stop' } })
  return {
    id,
    userId: 1,
    conversationId: 'conversation',
    log,
    stop() {},
    isEnding: true,
    readers: 0,
    left() {},
    stored: { seq: 0, textLength: 0, reasoningLength: 0, isUnsure: false },
    storing: null,
    mirroredSeq: 0,
    mirroredAt: 0,
    ended: Promise.resolve(),
  }
}
