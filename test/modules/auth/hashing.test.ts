import { expect, test } from 'bun:test'
import { createGate, type Gate } from '../../../src/lib/gate.ts'
import { createLog } from '../../../src/lib/log.ts'
import { costOf } from '../../../src/modules/auth/hash-cost.ts'
import { hashPassword, verifyHash } from '../../../src/modules/auth/hashing.ts'
import { argon2cffi, bcrypt, bcryptOf72Bytes } from './old-hashes.ts'

/** A real gate that tells how much is inside. */
function setUp() {
  const gate = createGate({ capacity: 64 * 1024, maxWaiting: 64 })
  let inside = 0
  let most = 0
  const watched: Gate = {
    run: (weight, work) =>
      gate.run(weight, async () => {
        inside += weight
        most = Math.max(most, inside)
        try {
          return await work()
        } finally {
          inside -= weight
        }
      }),
  }
  const lines: string[] = []
  const deps = { hashMemory: watched, log: createLog('info', (line) => lines.push(line)) }
  return { deps, lines, most: () => most }
}

function verify(deps: ReturnType<typeof setUp>['deps'], password: string, hash: string) {
  const cost = costOf(hash)
  if (cost === null) throw new Error('not a hash')
  return verifyHash(deps, password, hash, cost)
}

test('a new hash is verified, with the right password only', async () => {
  const { deps } = setUp()
  const hash = await hashPassword(deps, '密码 vexing-7')
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  expect(await verify(deps, '密码 vexing-7', hash)).toBe(true)
  expect(await verify(deps, '密码 vexing-8', hash)).toBe(false)
})

test('hashes of argon2-cffi and bcrypt are verified', async () => {
  const { deps } = setUp()
  for (const hash of [argon2cffi, bcrypt]) {
    expect(await verify(deps, 'vexing-7', hash)).toBe(true)
    expect(await verify(deps, 'vexing-8', hash)).toBe(false)
  }
})

test('of a long password bcrypt looks at the first 72 bytes, as it did when the hash was made', async () => {
  const { deps } = setUp()
  expect(await verify(deps, 'x7'.repeat(40), bcryptOf72Bytes)).toBe(true)
  expect(await verify(deps, `${'x7'.repeat(35)}x`, bcryptOf72Bytes)).toBe(false)
})

test('many at once never need more than 64 MiB, and a big one runs alone', async () => {
  const { deps, most } = setUp()
  const verdicts = await Promise.all([
    ...Array.from({ length: 6 }, () => hashPassword(deps, 'vexing-7')),
    verify(deps, 'vexing-7', argon2cffi),
    hashPassword(deps, 'vexing-7'),
  ])
  expect(verdicts[6]).toBe(true)
  expect(most()).toBe(64 * 1024)
})

test('a damaged hash matches nothing and is told in the log', async () => {
  const { deps, lines } = setUp()
  expect(await verify(deps, 'vexing-7', `${argon2cffi.slice(0, 60)}???`)).toBe(false)
  expect(lines.join('')).toContain('cannot be read')
})
