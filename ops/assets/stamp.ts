import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Runs `make` unless `result` is there already, made of the same inputs: their fingerprint is kept. */
export async function makeOnce(
  root: string,
  name: string,
  inputs: Iterable<string | Uint8Array>,
  result: string,
  make: () => Promise<void>,
): Promise<'made' | 'kept'> {
  const stampFile = join(root, 'dist', 'stamps', name)
  const stamp = fingerprint(inputs)
  if (existsSync(result) && readIfThere(stampFile) === stamp) return 'kept'
  await make()
  mkdirSync(dirname(stampFile), { recursive: true })
  const fresh = `${stampFile}.${process.pid}`
  writeFileSync(fresh, stamp)
  renameSync(fresh, stampFile)
  return 'made'
}

function fingerprint(inputs: Iterable<string | Uint8Array>): string {
  const hasher = new Bun.CryptoHasher('sha256')
  for (const input of inputs) hasher.update(input).update('\0')
  return hasher.digest('hex')
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
