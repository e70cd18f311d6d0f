import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { textLines } from '../../../src/faces/cloudchat/text-lines.ts'

const anyText = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  // Half a pair at the end of one text and half at the beginning of the next are still two halves.
  fc.constantFrom('', '\ud83d', '\ude42', '🙂', '"', '\\', '\n', '\u0000', '\u007f', '\u2028', '你好'),
)

test('each text is a line of its own, written as JSON.stringify would', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 6 }), (texts) => {
      const lines = texts.map((text) => `{"text": ${JSON.stringify(text)}}\n`)
      expect(textLines(texts)).toBe(lines.join(''))
    }),
    { numRuns: 500 },
  )
})
