import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { estimateMessage, estimatePrompt, estimateTokens } from '../../../src/modules/chat/estimate-tokens.ts'

/** What is written in chats: any characters at all, and words, code and Chinese. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        'the ',
        'createTurnLog',
        '你好，',
        '\n\n',
        '    ',
        '12345',
        '!==',
        'привет ',
        'é',
        '🙂',
      ),
    )
    .map((parts) => parts.join('')),
)

describe('the estimate of a text', () => {
  test.each([
    // As today's models count it, more or less.
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['今天天气很好，我们一起去公园散步吧。', 12],
    ['const total = items.reduce((sum, item) => sum + item.price, 0)', 18],
    ['Привет, как дела?', 7],
    ['3.14159265', 5],
  ])('%s', (sentence, tokens) => {
    expect(estimateTokens(sentence)).toBeGreaterThan(tokens * 0.6)
    expect(estimateTokens(sentence)).toBeLessThan(tokens * 1.6)
  })

  test('of nothing is nothing, and of something more', () => {
    expect(estimateTokens('')).toBe(0)
    for (const one of ['a', 'A', '1', '.', '\n', '中', '🙂', 'é'])
      expect(estimateTokens(one)).toBeGreaterThan(0)
  })

  test('is never less than that of a part', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (whole, from, to) => {
        const part = whole.slice(from % (whole.length + 1), to % (whole.length + 1))
        expect(estimateTokens(part)).toBeLessThanOrEqual(estimateTokens(whole) + 1e-6)
      }),
      { numRuns: 1000 },
    )
  })

  test('adds up from pieces to one token, wherever they are cut', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const together = estimateTokens(a) + estimateTokens(b)
        expect(Math.abs(estimateTokens(a + b) - together)).toBeLessThanOrEqual(1 + 1e-6)
      }),
      { numRuns: 1000 },
    )
  })

  test('is bounded by the length', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(estimateTokens(whole)).toBeLessThanOrEqual(whole.length * 1.1 + 1e-6)
      }),
    )
  })
})

test('a prompt is its messages and a little around them', () => {
  fc.assert(
    fc.property(fc.array(text), (contents) => {
      const sum = contents.reduce((tokens, content) => tokens + estimateTokens(content), 0)
      const prompt = estimatePrompt(contents.map((content) => ({ content })))
      expect(prompt - sum - 4 * contents.length).toBeCloseTo(3)
    }),
  )
  expect(estimateMessage('hello')).toBe(4 + estimateTokens('hello'))
})
