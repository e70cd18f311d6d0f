import { expect, test } from 'bun:test'
import { createLifecycle } from '../../src/lib/lifecycle.ts'

test('whoever wants to know of the end is told once, those who come later at once', () => {
  const lifecycle = createLifecycle(new Date(0))
  const told: string[] = []
  lifecycle.onDraining(() => void told.push('first'))
  lifecycle.onDraining(() => void told.push('gone'))()
  expect(told).toEqual([])
  lifecycle.isDraining = true
  lifecycle.onDraining(() => void told.push('late'))
  lifecycle.isDraining = true
  expect(told).toEqual(['first', 'late'])
})
