import { expect, test } from 'bun:test'
import { createSeats } from '../../src/lib/seats.ts'

test('a seat is for one, and free again when it is given back, once', () => {
  const seats = createSeats(2)
  const first = seats.take(1)
  const second = seats.take(1)
  expect(seats.take(1)).toBeNull()
  expect(seats.take(2)).not.toBeNull()
  first?.()
  first?.()
  expect(seats.take(1)).not.toBeNull()
  expect(seats.take(1)).toBeNull()
  second?.()
  expect(seats.take(1)).not.toBeNull()
})

test('without a limit there is always one more', () => {
  const seats = createSeats(null)
  expect(Array.from({ length: 1000 }, () => seats.take(1))).not.toContain(null)
})
