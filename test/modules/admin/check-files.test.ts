import { describe, expect, test } from 'bun:test'
import type { Blobs } from '../../../src/blobs/blobs.ts'
import { createDiskBlobs } from '../../../src/blobs/disk.ts'
import { checkFiles } from '../../../src/modules/admin/check-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('checkFiles', () => {
  test('says that the storage refuses, and tries again after a minute', async () => {
    const disk = createDiskBlobs(tempFolder('blobs'))
    let isFull = true
    let puts = 0
    const blobs: Blobs = {
      ...disk,
      put: (key, bytes) => {
        puts++
        return isFull ? Promise.reject(new Error('no space left')) : disk.put(key, bytes)
      },
    }
    let at = Date.parse('2026-03-01T12:00:00Z')
    const check = () => checkFiles({ blobs, now: () => new Date(at) })
    expect(await check()).toEqual({ store: 'disk', works: false })
    isFull = false
    at += 59_000
    expect(await check()).toEqual({ store: 'disk', works: false })
    at += 1_000
    expect(await Promise.all([check(), check()])).toEqual([
      { store: 'disk', works: true },
      { store: 'disk', works: true },
    ])
    expect(puts).toBe(2)
  })
})
