import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatArray, parseArray } from '../../src/db/array-text.ts'

const parse = (text: string) => parseArray(text, String)

test('what the server writes is read', () => {
  expect(parse('{}')).toEqual([])
  expect(parse('{a,NULL,"NULL","",null}')).toEqual(['a', null, 'NULL', '', 'null'])
  expect(parse('{{1,2},{NULL,"{"}}')).toEqual([
    ['1', '2'],
    [null, '{'],
  ])
  expect(parse('[0:1]={a,b}')).toEqual(['a', 'b'])
})

test('what is written is read back', () => {
  const item = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(null, 'NULL', '', '"', '\\', '{', ','))
  fc.assert(
    fc.property(fc.array(item), (items) => {
      expect(parse(formatArray(items) as string)).toEqual(items)
    }),
  )
})

test('half a text is refused', () => {
  for (const text of ['{', '{a', '{"a', '{"a\\', '{{a}', '']) expect(() => parse(text)).toThrow()
})

test('text is left alone', () => {
  expect(formatArray('{1}')).toBe('{1}')
})
