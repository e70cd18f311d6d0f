import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../errors.ts'
import { type Blobs, checkKey } from './blobs.ts'

/** Files in a folder of this machine, 256 folders to a kind: a million pictures are no burden to any of them. */
export function createDiskBlobs(folder: string): Blobs {
  return {
    kind: 'disk',
    async put(key, bytes) {
      const path = pathOf(key)
      const half = `${path}.part`
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await write(half, bytes)
        await rename(half, path)
      } catch (error) {
        await rm(half, { force: true }).catch(() => undefined)
        throw unavailable(error)
      }
    },
    async get(key) {
      const file = Bun.file(pathOf(key))
      if (!(await file.exists())) return null
      return { size: file.size, stream: () => file.stream() }
    },
    async delete(key) {
      await rm(pathOf(key), { force: true }).catch((error) => {
        throw unavailable(error)
      })
    },
  }

  /** The end of an id is random; its beginning is the time. */
  function pathOf(key: string): string {
    const [kind = '', id = ''] = checkKey(key).split('/')
    return join(folder, kind, id.slice(-2), id)
  }
}

/** On the disk when it returns, not only on its way there: the row that names it may be as durable. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError('dependency_down', 'The storage of files is not available', { cause })
}
