import { describe, expect, test } from 'bun:test'
import { type BlockToken, type InlineToken, lex } from '../../../src/web/markdown/lex.ts'

/** A paragraph in short: `<strong>`, `<em>`, `<link>` and `<formula>` around what they hold. */
function outline(text: string): string {
  return lex(text, {}).tokens.map(outlineOf).join('')
}

function outlineOf(token: BlockToken | InlineToken): string {
  if (token.type === 'formula') return `<formula>${token.tex}</formula>`
  if (token.type === 'paragraph') return token.tokens.map(outlineOf).join('')
  if (token.type === 'strong' || token.type === 'em' || token.type === 'link') {
    return `<${token.type}>${token.tokens.map(outlineOf).join('')}</${token.type}>`
  }
  return 'text' in token ? token.text : ''
}

describe('emphasis beside Chinese marks', () => {
  for (const [text, read] of [
    ['**“text”**文', '<strong>“text”</strong>文'],
    ['这是**“重点”**，很', '这是<strong>“重点”</strong>，很'],
    ['**注意：**请看', '<strong>注意：</strong>请看'],
    ['他说**（注）**走', '他说<strong>（注）</strong>走'],
    ['*“强调”*文', '<em>“强调”</em>文'],
    ['文**a**文', '文<strong>a</strong>文'],
    ['**a** b **c**', '<strong>a</strong> b <strong>c</strong>'],
    ['a ** b ** c', 'a ** b ** c'],
    ['**the best $x^*$ is**', '<strong>the best <formula>x^*</formula> is</strong>'],
  ] as const) {
    test(text, () => expect(outline(text)).toBe(read))
  }
})

describe('formulas, and what is none', () => {
  for (const [text, read] of [
    ['from $5 to $10', 'from $5 to $10'],
    ['价格$5和$10', '价格$5和$10'],
    ['$5/$10, US$5 and US$6', '$5/$10, US$5 and US$6'],
    ['$HOME/$USER', '$HOME/$USER'],
    ['\\$5 and $x$', '$5 and <formula>x</formula>'],
    ['the $n$th of $x_1*y$', 'the <formula>n</formula>th of <formula>x_1*y</formula>'],
    ['\\(a_1*b*c\\) and \\[x\\]', '<formula>a_1*b*c</formula> and <formula>x</formula>'],
    ['text:\n$$\na\n- b\n$$\nmore', 'text:<formula>a\n- b</formula>more'],
    ['$$a\n\nb$$', '$$ab$$'],
    ['`$x$` and \\\\(y)', '$x$ and \\(y)'],
  ] as const) {
    test(text, () => expect(outline(text)).toBe(read))
  }
})

test('an address ends where Chinese begins', () => {
  expect(outline('访问 https://example.com，然后 www.x.org。')).toBe(
    '访问 <link>https://example.com</link>，然后 <link>www.x.org</link>。',
  )
})
