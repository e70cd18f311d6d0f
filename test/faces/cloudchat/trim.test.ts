import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { maxHistoryBytes, trimHistory } from '../../../src/faces/cloudchat/trim.ts'
import type { ChatMessage } from '../../../src/llm/llm.ts'

const user = (content: string): ChatMessage => ({ role: 'user', content })
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content })
const bytesOf = (messages: ChatMessage[]) => Buffer.byteLength(JSON.stringify(messages))

describe('the remembered conversation', () => {
  test('keeps the newest rounds', () => {
    const messages = [user('1'), assistant('a'), user('2'), assistant('b'), user('3')]
    expect(trimHistory(messages, 2)).toEqual([user('2'), assistant('b'), user('3')])
  })

  test('keeps a question without a reply as a round', () => {
    expect(trimHistory([user('1'), user('2'), assistant('b')], 6)).toEqual([
      user('1'),
      user('2'),
      assistant('b'),
    ])
  })

  test('drops what is no round: other roles, a reply to nothing, a second reply', () => {
    const junk = [
      assistant('to nothing'),
      { role: 'system', content: 'x' } as const,
      user('1'),
      assistant('a'),
      assistant('again'),
    ]
    expect(trimHistory(junk, 6)).toEqual([user('1'), assistant('a')])
  })

  test('drops the oldest rounds when it grows too large', () => {
    const large = 'x'.repeat(30_000)
    const messages = [user('1'), assistant(large), user('2'), assistant(large), user('3'), assistant(large)]
    expect(trimHistory(messages, 6)).toEqual(messages.slice(2))
  })

  test('keeps nothing older than a round that did not fit', () => {
    const messages = [
      user('small'),
      assistant('a'),
      user('2'),
      assistant('x'.repeat(60_000)),
      user('y'.repeat(9000)),
    ]
    expect(trimHistory(messages, 6)).toEqual([user('y'.repeat(9000))])
  })

  test('a last round that is too large loses its reply', () => {
    expect(trimHistory([user('1'), user('2'), assistant('x'.repeat(70_000))], 6)).toEqual([user('2')])
  })

  test('and then goes as well', () => {
    expect(trimHistory([user('1'), user('x'.repeat(70_000))], 6)).toEqual([])
  })

  test('counts bytes as they are stored, not characters', () => {
    const wide = '界'.repeat(15_000)
    expect(trimHistory([user('1'), assistant(wide), user('2'), assistant(wide)], 6)).toEqual([
      user('2'),
      assistant(wide),
    ])
  })

  test('any conversation ends up within the bounds, as its own newest part in order', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.nat(40_000).map((length) => '"'.repeat(length)),
      fc.nat(30_000).map((length) => '界'.repeat(length)),
    )
    const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: piece })
    const conversation = fc.array(message as fc.Arbitrary<ChatMessage>, { maxLength: 20 })
    fc.assert(
      fc.property(conversation, fc.integer({ min: 1, max: 8 }), (messages, maxRounds) => {
        const kept = trimHistory(messages, maxRounds)
        expect(bytesOf(kept)).toBeLessThanOrEqual(maxHistoryBytes)
        expect(kept.filter(({ role }) => role === 'user').length).toBeLessThanOrEqual(maxRounds)
        expect(kept.every(({ role }, at) => role === 'user' || kept[at - 1]?.role === 'user')).toBe(true)
        expect(isSubsequence(kept, messages)).toBe(true)
        expect(trimHistory(kept, maxRounds)).toEqual(kept)
        const lastQuestion = messages.findLast(({ role }) => role === 'user')
        if (lastQuestion && bytesOf([lastQuestion]) < maxHistoryBytes) {
          expect(kept.findLast(({ role }) => role === 'user')).toBe(lastQuestion)
        }
      }),
      { numRuns: 200 },
    )
  })
})

function isSubsequence(part: ChatMessage[], whole: ChatMessage[]): boolean {
  let at = 0
  for (const message of whole) if (message === part[at]) at++
  return at === part.length
}
