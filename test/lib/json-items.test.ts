import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createJsonItems, type JsonPart, parse } from '../../src/lib/json-items.ts'

/** The parts of a text that comes in chunks of this length. */
function partsOf(text: string | Uint8Array, chunkBytes = 1_000_000, maxItemBytes = 1000): JsonPart[] {
  const items = createJsonItems({ listName: 'items', maxItemBytes, maxDepth: 8 })
  const bytes = Buffer.from(text)
  const parts: JsonPart[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    parts.push(...items.push(bytes.subarray(at, at + chunkBytes)))
  items.end()
  return parts
}

function itemsOf(text: string, chunkBytes?: number, maxItemBytes?: number): unknown[] {
  return partsOf(text, chunkBytes, maxItemBytes).map((part) =>
    part.kind === 'item' ? parse(part.text, part.at) : part,
  )
}

describe('the items of a JSON text', () => {
  test('are the same however it comes', () => {
    const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 })
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 2),
        (list, chunkBytes, indent) => {
          const expected = JSON.parse(JSON.stringify(list))
          expect(itemsOf(JSON.stringify(list, null, indent), chunkBytes, 1_000_000)).toEqual(expected)
          const text = JSON.stringify({ before: { a: [1] }, items: list, 'af"ter': 'z' }, null, indent)
          const [before, ...others] = itemsOf(`\ufeff ${text}\n`, chunkBytes, 1_000_000)
          expect(before).toEqual({ kind: 'field', name: 'before', value: { a: [1] } })
          expect(others).toEqual([...expected, { kind: 'field', name: 'af"ter', value: 'z' }])
        },
      ),
    )
  })

  test('too large or too deep are passed over', () => {
    const large = JSON.stringify('x'.repeat(1001))
    const deep = '['.repeat(9) + ']'.repeat(9)
    for (const chunkBytes of [1, 1000, 10_000]) {
      expect(itemsOf(`[1, ${large}, ${deep}, {"a": 2}]`, chunkBytes)).toEqual([
        1,
        { kind: 'left_out', at: 4, reason: 'too_large' },
        { kind: 'left_out', at: 4 + large.length + 2, reason: 'too_deep' },
        { a: 2 },
      ])
    }
  })

  test.each([
    ['hello', 'Not JSON at byte 0: expected an object or a list'],
    ['[1 2]', 'Not JSON at byte 3: expected "," or "]"'],
    ['[1,]', 'Not JSON at byte 3: expected a value'],
    ['{"a" 1}', 'Not JSON at byte 5: expected ":"'],
    ['{a: 1}', 'Not JSON at byte 1: expected the name of a field'],
    ['{"a": 1]', 'Not JSON at byte 7: expected "," or "}"'],
    ['[1] x', 'Not JSON at byte 4: expected nothing more'],
    ['[{"a": 1}', 'The JSON breaks off at byte 9'],
    ['["a', 'The JSON breaks off at byte 3'],
    ['{"items": [', 'The JSON breaks off at byte 11'],
    ['', 'The JSON breaks off at byte 0'],
  ])('%s is refused', (text, message) => {
    for (const chunkBytes of [1, 100]) expect(() => partsOf(text, chunkBytes)).toThrow(message)
  })

  test('must be JSON in UTF-8 themselves', () => {
    expect(() => itemsOf('[{"a":}]')).toThrow('Not JSON in UTF-8 between bytes 1 and 7')
    expect(() => itemsOf('[{"a": 1]]')).toThrow('Not JSON in UTF-8')
    const [broken] = partsOf(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))
    expect(() => broken?.kind === 'item' && parse(broken.text, broken.at)).toThrow('UTF-8')
  })
})
