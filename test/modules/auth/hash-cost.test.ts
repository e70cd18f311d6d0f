import { expect, test } from 'bun:test'
import { costOf, currentCost, decoyHash, isUpToDate } from '../../../src/modules/auth/hash-cost.ts'

const tail = `$${'A'.repeat(22)}$${'A'.repeat(43)}`

test('hashes of earlier systems are understood', () => {
  const costs = {
    [`$argon2id$v=19$m=65536,t=3,p=4${tail}`]: ['argon2id:m=65536,t=3,p=4', 65_536],
    [`$argon2id$v=19$m=19456,t=2,p=1${tail}`]: ['argon2id:m=19456,t=2,p=1', 19_456],
    [`$argon2i$v=19$m=4096,t=3,p=1${tail}`]: ['argon2i:m=4096,t=3,p=1', 4096],
    [`$2b$12$${'a'.repeat(53)}`]: ['bcrypt:12', 19_456],
    [`$2y$10$${'a'.repeat(53)}`]: ['bcrypt:10', 19_456],
  }
  for (const [hash, [name, memoryKib]] of Object.entries(costs)) {
    expect(costOf(hash)).toEqual({ name, memoryKib } as never)
  }
})

test('what would take absurd memory or time, or is no hash, costs nothing because it is never computed', () => {
  const absurd = [
    `$argon2id$v=19$m=65537,t=1,p=1${tail}`,
    `$argon2id$v=19$m=4294967295,t=1,p=1${tail}`,
    `$argon2id$v=19$m=1024,t=11,p=1${tail}`,
    `$argon2id$v=19$m=1024,t=0,p=1${tail}`,
    `$argon2id$v=19$m=1024,t=1,p=255${tail}`,
    `$argon2id$v=16$m=1024,t=1,p=1${tail}`,
    `$2b$31$${'a'.repeat(53)}`,
    '$scrypt$ln=15,r=8,p=1$abc$def',
    '5f4dcc3b5aa765d61d8327deb882cf99',
    '',
  ]
  for (const hash of absurd) expect([hash, costOf(hash)]).toEqual([hash, null])
})

test('a decoy has the cost it stands for, can be computed, and matches nothing', async () => {
  for (const name of [
    'argon2id:m=19456,t=2,p=1',
    'argon2id:m=65536,t=3,p=4',
    'argon2i:m=4096,t=3,p=1',
    'bcrypt:04',
  ]) {
    const decoy = decoyHash({ name, memoryKib: 0 })
    expect(costOf(decoy)?.name).toBe(name)
    expect(await Bun.password.verify('whatever', decoy)).toBe(false)
  }
})

test('new hashes have the cost that is called current', async () => {
  const hash = await Bun.password.hash('vexing-7', { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 })
  expect(costOf(hash)).toEqual(currentCost)
})

test('lanes alone are no reason to hash anew', () => {
  expect(isUpToDate(`$argon2id$v=19$m=19456,t=2,p=4${tail}`)).toBe(true)
  for (const parameters of ['m=65536,t=3,p=4', 'm=19456,t=3,p=1', 'm=9216,t=2,p=1']) {
    expect(isUpToDate(`$argon2id$v=19$${parameters}${tail}`)).toBe(false)
  }
  expect(isUpToDate(`$argon2i$v=19$m=19456,t=2,p=1${tail}`)).toBe(false)
  expect(isUpToDate(`$2b$12$${'a'.repeat(53)}`)).toBe(false)
})
