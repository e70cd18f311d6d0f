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
  const fail = (id: string, why: Fault) => ring.failed(accessOf(id), why)
  const pass = (seconds: number) => {
    now += seconds * 1000
  }
  return { ring, take, fail, pass }
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
  const { ring, take, fail, pass } = ringOf('a', 'b')
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
  ring.worked(accessOf('b'))
  fail('b', broken)
  expect(ring.restSeconds('b')).toBe(2)
  fail('a', limited(86_400))
  expect(ring.restSeconds('a')).toBe(86_400)
  fail('b', fault(503, 'provider_unavailable', 600))
  expect(ring.restSeconds('b')).toBe(600)
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

test('whoever stays goes on resting when others come and go', () => {
  const { ring, take, fail } = ringOf('a', 'b')
  fail('a', refused)
  fail('b', refused)
  ring.set([accessOf('a'), accessOf('c')])
  expect(take()).toEqual(['c'])
  ring.set([accessOf('b')])
  expect(ring.restSeconds('b')).toBe(0)
})
