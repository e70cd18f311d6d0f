import { expect, test } from 'bun:test'
import { createFreshCache } from '../../src/lib/fresh-cache.ts'

function setUp(maxEntries = 100) {
  let now = 10_000
  const asked: string[] = []
  const cache = createFreshCache<string>({ maxAgeMs: 1000, maxEntries, now: () => new Date(now) })
  const ask = (key: string, answer = key.toUpperCase()) =>
    cache.get(key, async () => {
      asked.push(key)
      return answer
    })
  return { cache, asked, ask, advance: (ms: number) => (now += ms) }
}

test('an answer is believed for less than a second', async () => {
  const { ask, asked, advance } = setUp()
  expect(await ask('a', 'old')).toBe('old')
  advance(999)
  expect(await ask('a', 'new')).toBe('old')
  advance(1)
  expect(await ask('a', 'new')).toBe('new')
  expect(asked).toEqual(['a', 'a'])
})

test('its age counts from the question: a slow answer may not be believed for longer', async () => {
  const { cache, ask, advance } = setUp()
  const slow = Promise.withResolvers<string>()
  const first = cache.get('a', () => slow.promise)
  advance(1000)
  expect(await ask('a', 'new')).toBe('new')
  slow.resolve('old')
  expect(await first).toBe('old')
  expect(await ask('a', 'newer')).toBe('new')
})

test('callers at the same time share one question', async () => {
  const { ask, asked } = setUp()
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['A', 'A', 'B'])
  expect(asked).toEqual(['a', 'b'])
})

test('a failed question is not kept', async () => {
  const { cache, ask } = setUp()
  expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  await Bun.sleep(0)
  expect(await ask('a')).toBe('A')
})

test('forgetting drops what is affected and leaves the rest', async () => {
  const { cache, ask, asked } = setUp()
  await Promise.all([ask('a'), ask('b')])
  cache.forget((value) => value === 'A')
  await Promise.all([ask('a'), ask('b')])
  expect(asked).toEqual(['a', 'b', 'a'])
})

test('what was being asked while something was forgotten is not believed', async () => {
  const { cache, ask } = setUp()
  const before = Promise.withResolvers<string>()
  const first = cache.get('a', () => before.promise)
  cache.forget(() => false)
  before.resolve('revoked since')
  expect(await first).toBe('revoked since')
  expect(await ask('a', 'fresh')).toBe('fresh')
})

test('a clock that is set back makes nothing live longer', async () => {
  const { ask, advance } = setUp()
  await ask('a', 'old')
  advance(-5000)
  expect(await ask('a', 'new')).toBe('new')
})

test('the oldest go when there are too many', async () => {
  const { ask, asked } = setUp(2)
  await ask('a')
  await ask('b')
  await ask('c')
  await ask('c')
  await ask('b')
  await ask('a')
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})
