import { expect, test } from 'bun:test'
import { createNames, toFileName } from '../../../src/modules/library/file-name.ts'

test.each([
  ['旅行计划：京都 🙂', '旅行计划：京都 🙂'],
  ['../../etc/passwd', 'etc passwd'],
  ['a\\b/c:d*e?f"g<h>i|j\u0000k\u202el', 'a b c d e f g h i j k l'],
  [' . hidden. ', 'hidden'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['console', 'console'],
  ['x'.repeat(200), 'x'.repeat(80)],
  ['\ud800', '\ufffd'],
  ['...', 'conversation'],
  [null, 'conversation'],
])('a conversation called %j is the file %j', (title, name) => {
  expect(toFileName(title)).toBe(name)
})

test('no two files have one name', () => {
  const unique = createNames()
  expect(['a', 'b', 'A', 'a (2)', 'a'].map(unique)).toEqual(['a', 'b', 'A (2)', 'a (2) (2)', 'a (3)'])
})
