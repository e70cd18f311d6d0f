import { expect, test } from 'bun:test'
import { isSameSecret } from '../../src/lib/tokens.ts'

test.each([
  ['', ''],
  ['secret', 'secret'],
  ['密钥 🔑', '密钥 🔑'],
])('%p is %p', (given, expected) => {
  expect(isSameSecret(given, expected)).toBe(true)
})

test.each([
  ['', 'secret'],
  ['secre', 'secret'],
  ['secret ', 'secret'],
  ['Secret', 'secret'],
  ['s\u0000', 's'],
])('%p is not %p', (given, expected) => {
  expect(isSameSecret(given, expected)).toBe(false)
})
