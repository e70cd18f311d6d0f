import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { titleFrom, titleFromQuestion } from '../../../src/modules/chat/title-text.ts'

describe('an answer becomes a title', () => {
  test.each([
    ['Sorting lists', 'Sorting lists'],
    ['"Sorting lists."', 'Sorting lists'],
    ['Title: “Sorting lists”\n', 'Sorting lists'],
    ['**Title:** Sorting lists!', 'Sorting lists'],
    ['# Sorting lists\n\nThis title says what it is about.', 'Sorting lists'],
    ['Here is a title for it:\n\n- *Sorting lists*', 'Sorting lists'],
    ['```\nSorting lists\n```', 'Sorting lists'],
    ['<think>The user wants\n\na title.</think>\n\nSorting lists', 'Sorting lists'],
    ['wants a title.\n</think>\nSorting lists', 'Sorting lists'],
    ['<title>Sorting lists</title>', 'Sorting lists'],
    ['[Sorting lists](https://example.com/x)', 'Sorting lists'],
    ['Sorting\u0000 \u202elists\u200b\t', 'Sorting lists'],
    ['标题：「列表排序」。', '列表排序'],
    ['**《红楼梦》的主题？**', '《红楼梦》的主题'],
    ['タイトル：リストの並べ替え', 'リストの並べ替え'],
    ['“Foo” and “bar”', '“Foo” and “bar”'],
    ['"Half a quotation', 'Half a quotation'],
    ['C++ 与 C# 的区别', 'C++ 与 C# 的区别'],
    ['Vec<String> in 2 * 3 * 4 snake_case', 'Vec<String> in 2 * 3 * 4 snake_case'],
    ['The parents\' 5" screen', 'The parents\' 5" screen'],
    ['👨‍👩‍👧‍👦 family', '👨‍👩‍👧‍👦 family'],
  ])('%j', (answer, title) => {
    expect(titleFrom(answer)).toBe(title)
  })

  test.each(['', ' \n', '<think>It never came to an', '""', '```', '...', '。', '\ud83d'])(
    'or nothing: %j',
    (answer) => {
      expect(titleFrom(answer)).toBe('')
    },
  )

  test.each([
    ['one two three four five six seven eight nine', 'one two three four five six seven eight'],
    ['一二三四五六七八九十一二三四五六七八九十多了', '一二三四五六七八九十一二三四五六七八九十'],
    ['one two three four 一二三四五六七八九十多了', 'one two three four 一二三四五六七八九十'],
    ['x'.repeat(500), 'x'.repeat(80)],
    ['你好，世界。'.repeat(9), '你好，世界。你好，世界。你好，世界。你好'],
  ])('that is too long is cut: %s', (answer, title) => {
    expect(titleFrom(answer)).toBe(title)
  })
})

describe('a question becomes a title', () => {
  test.each([
    ['How do I sort a list in Python? I have tried `sorted`.', 'How do I sort a list in Python'],
    ['Hello,\n\nwhat is the time?', 'Hello, what is the time'],
    ['请问怎样用 Python 给列表排序？谢谢', '请问怎样用 Python 给列表排序？谢谢'],
    ['# A heading\n```js\nfoo()\n```', 'A heading foo()'],
    ['🙂', '🙂'],
    ['???', '???'],
    ['\ud83d', '…'],
    [' \n\t', '…'],
  ])('%j', (question, title) => {
    expect(titleFromQuestion(question)).toBe(title)
  })
})

test('whatever it is made of, a title is one short line of whole characters', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc
      .array(
        fc.constantFrom(
          'word',
          ' ',
          '\n',
          '汉',
          '字',
          '，',
          '**',
          '"',
          '<think>',
          '👨‍👩‍👧',
          'é',
          '\ud83d',
          'Title:',
        ),
        { maxLength: 80 },
      )
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (source) => {
      expect(titleFromQuestion(source)).not.toBe('')
      for (const title of [titleFrom(source), titleFromQuestion(source)]) {
        expect(title).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]|^\s|\s$/u)
        expect(title.isWellFormed()).toBe(true)
        expect(title.length).toBeLessThanOrEqual(80)
        expect(title.split(' ').length).toBeLessThanOrEqual(8)
        expect((title.match(/\p{Script=Han}/gu) ?? []).length).toBeLessThanOrEqual(20)
      }
    }),
    { numRuns: 2000 },
  )
})
