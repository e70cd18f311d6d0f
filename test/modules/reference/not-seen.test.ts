import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explained, ofCodes } from './not-seen.ts'

const root = join(import.meta.dir, '../../..')

test('what the reference’s own test need not see, the tests that are named show', () => {
  const reasons = Object.entries({ ...ofCodes, ...explained })
  const untrue = reasons.flatMap(([answer, { test }]) => {
    if (test === null) return []
    const path = join(root, test.file)
    return existsSync(path) && readFileSync(path, 'utf8').includes(test.says) ? [] : [[answer, test]]
  })
  expect(untrue).toEqual([])
  expect(reasons.length).toBeGreaterThan(20)
})
