import { expect, test } from 'bun:test'
import { createLastKnown } from '../../src/lib/last-known.ts'

function open(maxWaitMs = 60_000) {
  let now = 0
  const known = createLastKnown<string>({ maxAgeMs: 1000, maxWaitMs, now: () => new Date(now) })
  const questions: PromiseWithResolvers<string>[] = []
  const read = () =>
    known.read(() => {
      const question = Promise.withResolvers<string>()
      questions.push(question)
      return question.promise
    })
  const pass = (ms: number) => {
    now += ms
  }
  return { known, read, questions, pass }
}

test('of many callers one asks, and again only when the answer is too old', async () => {
  const { read, questions, pass } = open()
  const first = [read(), read()]
  questions[0]?.resolve('a')
  expect(await Promise.all(first)).toEqual(['a', 'a'])
  pass(999)
  expect([await read(), questions.length]).toEqual(['a', 1])
  pass(1)
  const second = read()
  questions[1]?.resolve('b')
  expect([await second, questions.length]).toEqual(['b', 2])
})

test('without an answer the one before it is good enough, and nobody asks again at once', async () => {
  const { read, questions, pass } = open()
  const first = read()
  questions[0]?.reject(new Error('away'))
  expect([await first, await read(), questions.length]).toEqual([null, null, 1])
  pass(1000)
  const second = read()
  questions[1]?.resolve('a')
  await second
  pass(1000)
  const third = read()
  questions[2]?.reject(new Error('away'))
  expect([await third, await read(), questions.length]).toEqual(['a', 'a', 3])
})

test('nobody waits for an answer that does not come', async () => {
  const { read, questions } = open(1)
  expect(await read()).toBeNull()
  questions[0]?.resolve('late')
  expect(await read()).toBe('late')
})

test('after a change the next reader asks, and what was asked before does not count', async () => {
  const { known, read, questions } = open()
  const before = read()
  known.forget()
  const after = read()
  questions[1]?.resolve('new')
  expect(await after).toBe('new')
  questions[0]?.resolve('old')
  await before
  expect(await read()).toBe('new')
})
