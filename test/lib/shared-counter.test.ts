import { describe, expect, test } from 'bun:test'
import { createSharedCounter } from '../../src/lib/shared-counter.ts'

const limit = { count: 100, windowSeconds: 60 }

/** A store that many processes share, and what it is asked. */
function openStore() {
  const asked: number[] = []
  let count = 0
  return {
    asked,
    async increment(_key: string, windowSeconds: number, hits: number) {
      asked.push(hits)
      count += hits
      return { count, resetSeconds: windowSeconds }
    },
  }
}

describe('a shared counter', () => {
  test('counts each hit of its own at once, and asks the store but now and then', async () => {
    const store = openStore()
    const counter = createSharedCounter(store)
    const counts: number[] = []
    for (let hit = 0; hit < 80; hit++) counts.push((await counter.count('a', limit)).count)
    expect(counts).toEqual(Array.from({ length: 80 }, (_, at) => at + 1))
    expect(store.asked.length).toBeLessThan(40)
  })

  test('never lets one too many through, near the limit of all processes together', async () => {
    const store = openStore()
    const counters = [createSharedCounter(store), createSharedCounter(store)]
    const results: number[] = []
    for (let hit = 0; hit < 75; hit++) {
      for (const counter of counters) {
        results.push((await counter.count('a', limit)).count)
        // So that they hear of each other.
        if (hit % 10 === 0) await Bun.sleep(210)
      }
    }
    const through = results.filter((count) => count <= limit.count).length
    expect(through).toBeGreaterThanOrEqual(95)
    expect(through).toBeLessThanOrEqual(110)
    expect(results.at(-1)).toBe(150)
  })

  test('hits at the same moment have each their own count, from the first on', async () => {
    const counter = createSharedCounter(openStore())
    const hits = await Promise.all(Array.from({ length: 150 }, () => counter.count('a', limit)))
    expect(hits.filter(({ count }) => count <= limit.count)).toHaveLength(100)
  })
})
