import { describe, expect, test } from 'bun:test'
import { AppError } from '../../src/errors.ts'
import { createBatch } from '../../src/lib/batch.ts'

describe('a batch', () => {
  test('does at once what is wanted at about the same time', async () => {
    const rounds: number[][] = []
    const batch = createBatch<number, number>({ gatherMs: 1, maxItems: 10 })
    const double = async (items: number[]) => {
      rounds.push(items)
      return items.map((item) => item * 2)
    }
    expect(await Promise.all([1, 2, 3].map((item) => batch.add(item, double)))).toEqual([2, 4, 6])
    expect(rounds).toEqual([[1, 2, 3]])
  })

  test('gathers what comes while it works, and works on no more at once than it may', async () => {
    const rounds: number[][] = []
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const batch = createBatch<number, number>({ gatherMs: 1, maxItems: 2 })
    const work = async (items: number[]) => {
      rounds.push(items)
      begun.resolve()
      await gate.promise
      return items
    }
    const first = batch.add(1, work)
    await begun.promise
    const rest = [2, 3, 4].map((item) => batch.add(item, work))
    gate.resolve()
    expect(await Promise.all([first, ...rest])).toEqual([1, 2, 3, 4])
    expect(rounds).toEqual([[1], [2, 3], [4]])
  })

  test('that is flushed waits for no more company', async () => {
    const batch = createBatch<number, number>({ gatherMs: 1 << 30, maxItems: 10 })
    const work = async (items: number[]) => items
    batch.flush()
    for (const items of [[1, 2], [3]]) {
      const results = items.map((item) => batch.add(item, work))
      batch.flush()
      batch.flush()
      expect(await Promise.all(results)).toEqual(items)
    }
  })

  test('one that cannot be done spoils nothing for those beside it', async () => {
    const batch = createBatch<number, number>({ gatherMs: 1, maxItems: 2 })
    const work = async (items: number[]) => {
      if (items.includes(1)) throw new Error('no')
      return items
    }
    const results = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item, work)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })

  test('where the store is away nobody waits for each to fail in turn', async () => {
    const rounds: number[][] = []
    const batch = createBatch<number, number>({ gatherMs: 1, maxItems: 2 })
    const work = async (items: number[]) => {
      rounds.push(items)
      if (items.includes(1)) throw new AppError('dependency_down', 'away')
      return items
    }
    const results = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item, work)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(rounds).toEqual([[1, 2], [3]])
  })
})
