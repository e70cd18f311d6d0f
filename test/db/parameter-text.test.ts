import { expect, test } from 'bun:test'
import { parameterText } from '../../src/db/parameter-text.ts'

test.each([
  [null, null],
  [undefined, null],
  ['', ''],
  ['NULL', 'NULL'],
  [7, '7'],
  [0.5, '0.5'],
  [9007199254740993n, '9007199254740993'],
  [false, 'false'],
  [new Date('2026-03-04T05:06:07.089Z'), '2026-03-04T05:06:07.089Z'],
  [new Uint8Array([0, 15, 255]), '\\x000fff'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
  [['a', null, 'b c'], '{"a",NULL,"b c"}'],
])('%p goes to PostgreSQL as %p', (value, text) => {
  expect(parameterText(value)).toBe(text)
})
