import { expect, test } from 'bun:test'
import { costOf } from '../../../src/modules/models/cost-of.ts'

const prices = { input: 2_000_000, cachedInput: 500_000, output: 8_000_000, reasoning: 4_000_000 }

test('each kind of token has its price, and the sum is rounded up once', () => {
  const tokens = { promptTokens: 1000, cachedTokens: 400, completionTokens: 100, reasoningTokens: 30 }
  expect(costOf(prices, tokens)).toBe(600 * 2 + 400 / 2 + 70 * 8 + 30 * 4)
  const tiny = { input: 1, cachedInput: 1, output: 1, reasoning: 1 }
  expect(costOf(tiny, tokens)).toBe(1)
  expect(costOf(prices, { promptTokens: 0, completionTokens: 0 })).toBe(0)
})

test('what has no price of its own costs as the rest', () => {
  const plain = { ...prices, cachedInput: null, reasoning: null }
  const tokens = { promptTokens: 10, cachedTokens: 5, completionTokens: 10, reasoningTokens: 5 }
  expect(costOf(plain, tokens)).toBe(100)
  expect(costOf(plain, { promptTokens: 10, completionTokens: 10 })).toBe(100)
})

test('more cached tokens than there are do not make a price negative', () => {
  expect(costOf(prices, { promptTokens: 4, cachedTokens: 9, completionTokens: 2, reasoningTokens: 5 })).toBe(
    10,
  )
})

test('large numbers are exact', () => {
  const price = 999_999_999_999
  const most = { input: price, cachedInput: null, output: price, reasoning: null }
  expect(costOf(most, { promptTokens: 99_999_999, completionTokens: 1 })).toBe(99_999_999_999_900)
})
