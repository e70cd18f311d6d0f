import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { decodeCursor, encodeCursor } from '../../src/lib/cursor.ts'

test('a cursor comes back as it was, and fits into an address', () => {
  const positions = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean()),
  )
  fc.assert(
    fc.property(positions, (position) => {
      const cursor = encodeCursor(position)
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(decodeCursor(cursor)).toEqual(position)
    }),
  )
})

test('what never was a cursor is none', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64url')
  for (const text of ['', '{', 'null', '7', '"text"', '[]', '[{}]'])
    expect(decodeCursor(encode(text))).toBeNull()
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const position = decodeCursor(text)
      expect(position === null || (typeof position === 'object' && !Array.isArray(position))).toBe(true)
    }),
  )
})
