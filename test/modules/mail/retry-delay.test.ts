import { expect, test } from 'bun:test'
import { retryDelayMs } from '../../../src/modules/mail/retry-delay.ts'

test('it doubles from 15 seconds up to two hours', () => {
  expect([1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, 0.5))).toEqual([
    15_000, 30_000, 60_000, 120_000,
  ])
  expect(retryDelayMs(11, 0.5)).toBe(7_200_000)
  expect(retryDelayMs(5000, 0.5)).toBe(7_200_000)
})

test('letters that failed together come back apart', () => {
  expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([11_250, 18_750])
})
