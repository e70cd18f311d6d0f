import { expect, test } from 'bun:test'
import { createAccessRing } from '../../src/llm/access-ring.ts'
import type { Fault } from '../../src/llm/fault.ts'

const accessOf = (id: string) => ({ id, provider: 'test', baseUrl: 'http://localhost', apiKey: id })
const fault = (status: number | null, code: Fault['code'], retryAfterSeconds?: number): Fault => ({
  code,
  status,
  reason: '',
  excerpt: '',
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
})
const refused = fault(401, 'provider_rejected')
const limited = (seconds?: number) => fault(429, 'rate_limited', seconds)
const broken = fault(503, 'provider_unavailable')

function ringOf(...ids: string[]) {
  let now = 0
  const accesses = ids.map(accessOf)
  const ring = createAccessRing(() => now)
  ring.set(accesses)
  const take = () => ring.take().map(({ id }) => id)
  const begin = (id: string) => ring.begin(accessOf(id))
  const fail = (id: string, why: Fault) => begin(id).failed(why)
  const pass = (seconds: number) => {
    now += seconds * 1000
  }
  return { ring, take, begin, fail, pass }
}

test('they take turns, and the others stand behind', () => {
  const { take } = ringOf('a', 'b', 'c')
  expect([take(), take(), take(), take()]).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
    ['a', 'b', 'c'],
  ])
  expect(ringOf().take()).toEqual([])
})

test('one that fails rests as long as it was told to, or longer each time', () => {
  const { ring, take, begin, fail, pass } = ringOf('a', 'b')
  expect(fail('a', limited(20))).toBe(true)
  expect([take(), ring.restSeconds('a'), ring.restSeconds('b')]).toEqual([['b'], 20, 0])
  pass(19)
  expect(take()).toEqual(['b'])
  pass(1)
  expect(take().toSorted()).toEqual(['a', 'b'])

  const rests = []
  for (let times = 0; times < 9; times++) {
    fail('b', refused)
    rests.push(ring.restSeconds('b'))
  }
  expect(rests).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  begin('b').worked()
  fail('b', broken)
  expect(ring.restSeconds('b')).toBe(2)
  fail('a', limited(86_400))
  expect(ring.restSeconds('a')).toBe(86_400)
  fail('b', fault(503, 'provider_unavailable', 600))
  expect(ring.restSeconds('b')).toBe(600)
})

test('what was asked before says nothing about a rest, and all that fails at once fails once', () => {
  const { ring, begin, fail, pass } = ringOf('a')
  const early = begin('a')
  fail('a', limited(60))
  early.worked()
  expect(ring.restSeconds('a')).toBe(60)
  const late = begin('a')
  late.worked()
  expect(ring.restSeconds('a')).toBe(0)

  const burst = Array.from({ length: 6 }, () => begin('a'))
  for (const attempt of burst) attempt.failed(limited())
  expect(ring.restSeconds('a')).toBe(10)
  begin('a').failed(limited())
  expect(ring.restSeconds('a')).toBe(20)
  pass(20)
  const [one, two, three] = [begin('a'), begin('a'), begin('a')]
  one.failed(limited())
  // It knows how long, and the next one nothing new.
  two.failed(limited(90))
  three.failed(limited())
  expect(ring.restSeconds('a')).toBe(90)
  pass(90)
  fail('a', limited())
  expect(ring.restSeconds('a')).toBe(80)
})

test('when all rest, the one that rests shortest is asked', () => {
  const { take, fail } = ringOf('a', 'b', 'c')
  fail('a', limited(50))
  fail('b', limited(5))
  fail('c', limited(30))
  expect([take(), take()]).toEqual([['b'], ['b']])
})

test('a question at fault, and a silence, let nobody rest; a gateway that gives up is broken', () => {
  const { take, fail } = ringOf('a', 'b')
  expect(fail('a', fault(400, 'provider_rejected'))).toBe(false)
  expect(fail('a', fault(404, 'provider_rejected'))).toBe(false)
  expect(fail('a', fault(null, 'provider_timeout'))).toBe(false)
  expect(take()).toEqual(['a', 'b'])
  for (const status of [408, 504]) expect(fail('a', fault(status, 'provider_timeout'))).toBe(true)
  expect(take()).toEqual(['b'])
})

test('another key or address under the same id is awake, and hears nothing of the old one', () => {
  const { ring, begin, fail } = ringOf('a', 'b')
  for (const change of [{ apiKey: 'mended' }, { baseUrl: 'http://elsewhere' }]) {
    ring.set([accessOf('a'), accessOf('b')])
    const early = begin('a')
    fail('a', refused)
    fail('b', refused)
    ring.set([{ ...accessOf('a'), ...change }, accessOf('b')])
    expect([ring.restSeconds('a'), ring.restSeconds('b') > 0]).toEqual([0, true])
    expect(early.failed(refused)).toBe(true)
    expect(ring.restSeconds('a')).toBe(0)
  }
})

test('whoever stays goes on resting when others come and go', () => {
  const { ring, take, fail } = ringOf('a', 'b')
  fail('a', refused)
  fail('b', refused)
  ring.set([accessOf('a'), accessOf('c')])
  expect(take()).toEqual(['c'])
  ring.set([accessOf('b')])
  expect(ring.restSeconds('b')).toBe(0)
})
