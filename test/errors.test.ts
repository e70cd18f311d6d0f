import { expect, test } from 'bun:test'
import { AppError, causesOf, findAppError } from '../src/errors.ts'

test('an error of ours is found under what others wrapped it in', () => {
  const ours = new AppError('not_found', 'Nothing here')
  expect(findAppError(new Error('outer', { cause: new Error('inner', { cause: ours }) }))).toBe(ours)
  for (const thrown of [new Error('alone'), 'a text', null, undefined])
    expect(findAppError(thrown)).toBeNull()
})

test('a chain of causes that is a circle has an end', () => {
  const circle = new Error('circle')
  circle.cause = circle
  expect([...causesOf(circle)].length).toBeLessThan(20)
  expect(findAppError(circle)).toBeNull()
})
