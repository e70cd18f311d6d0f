import type { Blobs } from '../../blobs/blobs.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { withTimeLimit } from '../../lib/time-limit.ts'

export interface FilesHealth {
  /** Where pictures are kept: on this machine's disk, or in a bucket. */
  store: Blobs['kind']
  works: boolean
}

const maxAgeMs = 60_000
const deadlineMs = 3000

const latest = new WeakMap<Blobs, { at: number; works: Promise<boolean> }>()

/**
 * Whether what is stored can be read again: that a disk is full or a bucket refuses to be written to is seen in no
 * other way. Never throws; tries at most once a minute, as a bucket has its price.
 */
export async function checkFiles({ blobs, now }: Pick<Deps, 'blobs' | 'now'>): Promise<FilesHealth> {
  const at = now().getTime()
  const known = latest.get(blobs)
  if (known !== undefined && Math.abs(at - known.at) < maxAgeMs) {
    return { store: blobs.kind, works: await known.works }
  }
  const works = withTimeLimit(tryFiles(blobs), deadlineMs, 'the storage of files took too long').catch(
    () => false,
  )
  latest.set(blobs, { at, works })
  return { store: blobs.kind, works: await works }
}

async function tryFiles(blobs: Blobs): Promise<boolean> {
  const key = `probe/${createId()}`
  const bytes = new Uint8Array([1, 2, 3])
  await blobs.put(key, bytes)
  const stored = await blobs.get(key)
  await blobs.delete(key)
  return stored?.size === bytes.length
}
