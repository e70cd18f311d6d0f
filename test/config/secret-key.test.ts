import { describe, expect, test } from 'bun:test'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'
import { faultsOf, load } from './load.ts'

function emptyFolder() {
  return join(tempFolder('secret-key'), 'data')
}

describe('the secret that is made when none is given', () => {
  test('is random, kept for the next start, and readable by its owner alone', () => {
    const [one, other] = [emptyFolder(), emptyFolder()]
    const key = load({ DATA_DIR: one }).secretKey
    expect(key).toHaveLength(43)
    expect(load({ DATA_DIR: one }).secretKey).toBe(key)
    expect(load({ DATA_DIR: other }).secretKey).not.toBe(key)
    expect(readFileSync(join(one, 'secret_key'), 'utf8')).toBe(`${key}\n`)
    expect(readdirSync(one)).toEqual(['secret_key'])
    expect(statSync(join(one, 'secret_key')).mode & 0o777).toBe(0o600)
    expect(statSync(one).mode & 0o777).toBe(0o700)
  })

  test('is taken back from others who could read it, with a warning', () => {
    const folder = emptyFolder()
    const { secretKey } = load({ DATA_DIR: folder })
    chmodSync(join(folder, 'secret_key'), 0o644)
    const again = load({ DATA_DIR: folder })
    expect(again.secretKey).toBe(secretKey)
    expect(again.warnings).toEqual([
      'DATA_DIR: others on this machine could read secret_key until now; delete it to have a new one',
    ])
    expect(statSync(join(folder, 'secret_key')).mode & 0o777).toBe(0o600)
    expect(load({ DATA_DIR: folder }).warnings).toEqual([])
  })

  test('is one for all processes that start at the same moment', async () => {
    const folder = emptyFolder()
    const script = `
      import { loadConfig } from ${JSON.stringify(join(import.meta.dir, '../../src/config.ts'))}
      console.log(loadConfig({ DATA_DIR: ${JSON.stringify(folder)} }).secretKey)`
    const outputs = await Promise.all(
      Array.from({ length: 6 }, () =>
        new Response(Bun.spawn([process.execPath, '-e', script]).stdout).text(),
      ),
    )
    expect(outputs[0]).toHaveLength(44)
    expect(new Set(outputs).size).toBe(1)
  })

  test('is refused when its file holds none, or cannot be kept', () => {
    const folder = emptyFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, 'secret_key'), 'short\n')
    expect(faultsOf({ DATA_DIR: folder })).toEqual([
      'DATA_DIR: expected a key of at least 16 characters in its file secret_key',
    ])
    expect(faultsOf({ DATA_DIR: '/dev/null/data' })).toEqual([
      'DATA_DIR: expected a folder in which secret_key can be kept (ENOTDIR)',
    ])
    const dangling = emptyFolder()
    mkdirSync(dangling)
    symlinkSync('/nowhere/at/all', join(dangling, 'secret_key'))
    expect(faultsOf({ DATA_DIR: dangling })).toEqual([
      'DATA_DIR: expected secret_key to stay where it was put',
    ])
  })
})
