import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export type KeptKey = { key: string; wasOpen: boolean } | { fault: string }

/**
 * The key kept in `dataDir`, made if there is none: whole or not at all, and one for all processes that start at
 * the same moment. Others on the machine cannot read it; `wasOpen` says that until now they could.
 */
export function keepSecretKey(dataDir: string): KeptKey {
  const file = join(dataDir, 'secret_key')
  try {
    return read(file) ?? make(dataDir, file)
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    return { fault: `expected a folder in which secret_key can be kept (${code})` }
  }
}

function read(file: string): KeptKey | null {
  let key: string
  try {
    key = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  if (key.length < 16) return { fault: 'expected a key of at least 16 characters in its file secret_key' }
  const wasOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
  if (wasOpen) chmodSync(file, 0o600)
  return { key, wasOpen }
}

function make(dataDir: string, file: string): KeptKey {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
  const draft = `${file}.${process.pid}.${crypto.randomUUID()}`
  try {
    write(draft, `${key}\n`)
    publish(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  return read(file) ?? { fault: 'expected secret_key to stay where it was put' }
}

function write(file: string, content: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A link never replaces another process's key. Where there are no links, the last one wins. */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, file)
  }
}
