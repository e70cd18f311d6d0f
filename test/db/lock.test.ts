import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { takeLock } from '../../src/db/lock.ts'
import { tempFolder } from '../support/temp-folder.ts'

test('a lock is had by one until it is released', () => {
  const path = join(tempFolder('lock'), 'a.lock')
  const release = takeLock(path, 'The thing')
  expect(() => takeLock(path, 'The thing')).toThrow(
    `The thing is in use by another running CloudChat (process ${process.pid})`,
  )
  release()
  takeLock(path, 'The thing')()
})

test('two locks do not know each other', () => {
  const folder = tempFolder('lock')
  const releases = ['a.lock', 'b.lock'].map((name) => takeLock(join(folder, name), name))
  for (const release of releases) release()
})

test('a lock whose release nobody keeps is held all the same', () => {
  const path = join(tempFolder('lock'), 'a.lock')
  takeLock(path, 'The thing')
  for (let round = 0; round < 5; round++) Bun.gc(true)
  expect(() => takeLock(path, 'The thing')).toThrow('in use')
})
