import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { seal, unseal } from '../../src/lib/seal.ts'

const secret = 'a secret of the service'

test('any text comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(unseal(secret, 'mail', seal(secret, 'mail', text))).toBe(text)
    }),
    { numRuns: 50 },
  )
})

test('the same text never looks the same twice, nor can it be read', () => {
  const [one, two] = [
    seal(secret, 'mail', 'https://x.test/?token=abc'),
    seal(secret, 'mail', 'https://x.test/?token=abc'),
  ]
  expect(one).not.toBe(two)
  expect(Buffer.from(one.slice(3), 'base64url').includes('token')).toBe(false)
})

test('another secret, another purpose and any change are refused', () => {
  const sealed = seal(secret, 'mail', 'text')
  expect(unseal('another secret', 'mail', sealed)).toBeNull()
  expect(unseal(secret, 'keys', sealed)).toBeNull()
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(unseal(secret, 'mail', `v1.${changed.toString('base64url')}`)).toBeNull()
  }
  for (const junk of ['', 'v1.', 'v2.abc', 'text', 'v1.AAAA']) expect(unseal(secret, 'mail', junk)).toBeNull()
})
