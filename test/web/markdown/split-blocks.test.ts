import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createSplitter } from '../../../src/web/markdown/split-blocks.ts'

/** What is read one way while its end is missing, and another way when it is there. */
const turning = [
  'text\n$$\n- b\n\nno formula after all',
  'text\n$$\na\n= b\n$$\nmore',
  '1. a\n\n2. b\n\ntext\n\n3. c\n',
  '- a\n\n  b\n- c\n\n\nd\n',
  'Title\n---\n\ntext\n===\n- a\n-\n',
  '| a | b |\n|---|---|\n| 1 | 2 |\ntext\n\n| c |\n| d |\n',
  '```js\ncode\n\nmore\n```\n\n~~~\n```\n~~~\n    indented\n\n    more\n',
  '[a] and [b][c]\n\ntext\n\n[a]: https://a.example\n\n- item\n\n  [c]: https://c.example\n\n[c]',
  '> quote\nlazy\n\n> another\n> - list\nlazy\n',
  '<div>\n\n**text**\n\n</div>\n<pre>\n\ncode\n\n</pre>\n<!-- a\n\nb -->\n\nend',
  '### three\n\n# one\n\n- ## two\n\n#### four\n',
  'a\r\nb\r\n\r\n- c\r\n\r\n\r\nd\r',
]

const pieces =
  `a |word |文字|，|\n|\n\n|\n \n|\r\n|\r|  |    |\t|# |## |### |- |* |1. |2) |> |- [ ] |- [x] |---|===|***|___|
\`\`\`|\`\`\`js\n|~~~|\`|**|*|__|_|~~|$|$$|\\(|\\)|\\[|\\]|x^2|[text](|https://example.com|)|![|[ref]|[ref]: /there\n|<div>|</div>|
<b>|</b>|<!--|-->|<pre>|</pre>|&amp;|\\`
    .split('|')
    .concat('| a | b |\n', '|---|---|\n', '|')

const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''))

function atOnce(text: string) {
  return createSplitter().split(text, false)
}

describe('a text that is read as it grows', () => {
  for (const text of turning) {
    test(`is in the end what it is when read at once: ${JSON.stringify(text)}`, () => {
      const splitter = createSplitter()
      for (let length = 1; length <= text.length; length++) {
        const part = text.slice(0, length)
        splitter.split(part, true)
        expect(splitter.split(part, false)).toEqual(atOnce(part))
      }
    })
  }

  test('whatever it is, and wherever it is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
        const splitter = createSplitter()
        for (const cut of cuts.sort((a, b) => a - b)) splitter.split(text.slice(0, cut), true)
        expect(splitter.split(text, false)).toEqual(atOnce(text))
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps what is finished, the very same, and reads only the end again', () => {
    const splitter = createSplitter()
    const paragraphs = Array.from({ length: 50 }, (_, at) => `Paragraph ${at}, **and** more.\n\n`)
    const before = splitter.split(paragraphs.join(''), true)
    const after = splitter.split(`${paragraphs.join('')}And then`, true)
    expect(after).toHaveLength(51)
    expect(after.slice(0, 48).every((block, at) => block === before[at])).toBe(true)
  })

  test('may become another text', () => {
    const splitter = createSplitter()
    splitter.split('# One\n\ntwo\n\nthree\n\nfour', true)
    expect(splitter.split('Something *else*', false)).toEqual(atOnce('Something *else*'))
  })
})
