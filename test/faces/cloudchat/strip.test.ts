import { expect, test } from 'bun:test'
import { strip } from '../../../src/faces/cloudchat/strip.ts'

const cases: [given: string, expected: string][] = [
  ['  hello \t\r\n', 'hello'],
  ['\u3000你好\u00a0\u2003', '你好'],
  ['\u001c\u001f\u0085x\u0085', 'x'],
  ['in the  middle', 'in the  middle'],
  ['\u2028\u2029\u202f\u205f\u1680', ''],
  ['', ''],
  // What JavaScript's own trim takes away and Python's does not.
  ['\ufeffx\ufeff', '\ufeffx\ufeff'],
  ['\u200bx', '\u200bx'],
]

test.each(cases)('%j becomes %j', (given, expected) => {
  expect(strip(given)).toBe(expected)
})
