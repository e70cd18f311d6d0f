import { expect, test } from 'bun:test'
import { AppError } from '../../src/errors.ts'
import { createGate } from '../../src/lib/gate.ts'

/** Work that lasts until it is told to end. */
function setUp(capacity: number, maxWaiting = 10) {
  const gate = createGate({ capacity, maxWaiting })
  const inside: string[] = []
  const start = (name: string, weight: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = gate.run(weight, async () => {
      inside.push(name)
      await promise
      inside.splice(inside.indexOf(name), 1)
      return name
    })
    return { done, end: resolve }
  }
  return { gate, inside, start }
}

const settle = () => Bun.sleep(0)

test('work is let in as far as the weights fit together', async () => {
  const { inside, start } = setUp(10)
  const [a, b, c] = [start('a', 6), start('b', 4), start('c', 1)]
  await settle()
  expect(inside).toEqual(['a', 'b'])
  a.end()
  await settle()
  expect(inside).toEqual(['b', 'c'])
  b.end()
  c.end()
  expect(await Promise.all([a.done, b.done, c.done])).toEqual(['a', 'b', 'c'])
})

test('what is too heavy for all runs alone, and is not overtaken', async () => {
  const { inside, start } = setUp(10)
  const light = start('light', 1)
  const heavy = start('heavy', 99)
  const late = start('late', 1)
  await settle()
  expect(inside).toEqual(['light'])
  light.end()
  await settle()
  expect(inside).toEqual(['heavy'])
  heavy.end()
  await settle()
  expect(inside).toEqual(['late'])
  late.end()
  await late.done
})

test('when too many wait, the next is refused at once', async () => {
  const { start } = setUp(1, 2)
  const [a, b, c] = [start('a', 1), start('b', 1), start('c', 1)]
  const refused = await start('d', 1).done.catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'dependency_down', retryAfterSeconds: 2 })
  for (const work of [a, b, c]) work.end()
  expect(await Promise.all([a.done, b.done, c.done])).toEqual(['a', 'b', 'c'])
})

test('work that fails leaves its place', async () => {
  const { gate } = setUp(1)
  expect(gate.run(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await gate.run(1, async () => 'next')).toBe('next')
})
