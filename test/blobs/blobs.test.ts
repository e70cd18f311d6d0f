import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Blobs } from '../../src/blobs/blobs.ts'
import { createDiskBlobs } from '../../src/blobs/disk.ts'
import { createS3Blobs } from '../../src/blobs/s3.ts'
import { createId } from '../../src/lib/ids.ts'
import { errorOf } from '../modules/auth/accounts.ts'
import { startS3 } from '../support/s3-server.ts'
import { tempFolder } from '../support/temp-folder.ts'

const folder = tempFolder('blobs')
const s3 = await startS3()
afterAll(() => s3.stop())

const kinds: [string, () => Blobs][] = [
  ['on the disk', () => createDiskBlobs(folder)],
  ['in a bucket', () => createS3Blobs(s3.settings)],
]

const newKey = () => `images/${createId()}`

describe.each(kinds)('what is kept %s', (_, open) => {
  test('comes back as it was, until it is deleted', async () => {
    const blobs = open()
    const key = newKey()
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    await blobs.put(key, bytes)
    const stored = await blobs.get(key)
    expect(stored?.size).toBe(bytes.length)
    expect(await new Response(stored?.stream()).bytes()).toEqual(bytes)
    await blobs.delete(key)
    expect(await blobs.get(key)).toBeNull()
    await blobs.delete(key)
  })

  test('is not there before it was put, and may be large', async () => {
    const blobs = open()
    const [key, other] = [newKey(), newKey()]
    expect(await blobs.get(key)).toBeNull()
    const bytes = new Uint8Array(12 << 20).fill(7)
    await blobs.put(key, bytes)
    expect((await new Response((await blobs.get(key))?.stream()).bytes()).length).toBe(bytes.length)
    expect(await blobs.get(other)).toBeNull()
  })

  test('has no key but ours', async () => {
    const blobs = open()
    for (const key of ['images/../../etc/passwd', '/etc/passwd', 'images/', `images/${createId()}/x`]) {
      expect((await errorOf(blobs.get(key))) instanceof Error).toBe(true)
      expect((await errorOf(blobs.put(key, new Uint8Array(1)))) instanceof Error).toBe(true)
    }
  })
})

describe('a storage that is not there', () => {
  test('is a dependency that is down, and names no secret', async () => {
    const { endpoint: _, ...rest } = s3.settings
    const away = createS3Blobs({ ...rest, endpoint: 'http://127.0.0.1:1', secretAccessKey: 'very-secret' })
    for (const attempt of [
      away.put(newKey(), new Uint8Array(9)),
      away.get(newKey()),
      away.delete(newKey()),
    ]) {
      const error = await errorOf(attempt)
      expect(error).toMatchObject({ code: 'dependency_down' })
      expect(Bun.inspect(error)).not.toContain('very-secret')
    }
  })

  test('on a disk where nothing can be written leaves nothing behind', async () => {
    const path = join(tempFolder('full'), 'blobs')
    writeFileSync(path, 'a file where the folder should be')
    const error = await errorOf(createDiskBlobs(path).put(newKey(), new Uint8Array(9)))
    expect(error).toMatchObject({ code: 'dependency_down' })
  })
})

test('on the disk nobody else may read it, and half a file is never seen', async () => {
  const own = tempFolder('own')
  const blobs = createDiskBlobs(own)
  const key = newKey()
  await blobs.put(key, new Uint8Array(9))
  const [directory = ''] = readdirSync(join(own, 'images'))
  const path = join(own, 'images', directory, key.slice('images/'.length))
  expect(statSync(path).mode & 0o077).toBe(0)
  expect(statSync(join(own, 'images')).mode & 0o077).toBe(0)
  // Another that is being written has the name already, but not the end.
  const second = newKey()
  mkdirSync(join(own, 'images', second.slice(-2)), { recursive: true })
  writeFileSync(join(own, 'images', second.slice(-2), `${second.slice('images/'.length)}.part`), 'half')
  expect(await blobs.get(second)).toBeNull()
  chmodSync(own, 0o700)
})
