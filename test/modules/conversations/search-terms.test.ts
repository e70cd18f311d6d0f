import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { foldText, foldWithOrigins } from '../../../src/modules/conversations/fold-text.ts'
import { restTerm, termsOf, termsToFind } from '../../../src/modules/conversations/search-terms.ts'

/** Whether the terms of `text` let it be found by `words`. */
function leads(words: string, text: string, { isOpen = false } = {}): boolean {
  const terms = new Set(termsOf(7, text))
  return terms.has(restTerm(7)) || termsToFind(7, foldText(words), isOpen).every((term) => terms.has(term))
}

describe('what a text is found by', () => {
  test('whole words, whatever their case and form', () => {
    const text = 'The Ｑuick brown-fox, ΚΑΛΗΜΕΡΑ, déjà vu; 42 snake_case don’t'
    for (const words of [
      'the',
      'QUICK',
      'fox',
      'brown fox',
      'καλημερα',
      'de\u0301ja\u0300',
      '42',
      'snake',
      'don t',
    ]) {
      expect([words, leads(words, text)]).toEqual([words, true])
    }
    for (const words of ['qui', 'quickly', 'brow', '4', 'fox jumps', 'ox']) {
      expect([words, leads(words, text)]).toEqual([words, false])
    }
  })

  test('the beginning of the last word', () => {
    const text = 'an international agreement'
    for (const words of ['in', 'int', 'inte', 'inter', 'internat', 'international', 'an agr', 'i', 'an']) {
      expect([words, leads(words, text, { isOpen: true })]).toEqual([words, true])
    }
    for (const words of ['nt', 'ag in x', 'interview', 'intl', 'ann']) {
      expect([words, leads(words, text, { isOpen: true })]).toEqual([words, false])
    }
  })

  test('two neighbours in scripts without spaces, the rarer characters too', () => {
    const text = '我们用Python写数据库，𠮷野家在銀座。カタカナ 한국어'
    for (const words of ['数据', '据库', '数据库', '用python写', '𠮷野', 'タカ', '한국', '銀座']) {
      expect([words, leads(words, text)]).toEqual([words, true])
    }
    for (const words of ['库数', '数库', '库𠮷', '写数x', '野𠮷']) {
      expect([words, leads(words, text)]).toEqual([words, false])
    }
  })

  test('there is no term where nothing is written, and none for one character alone', () => {
    expect(termsOf(7, '')).toEqual([])
    expect(termsOf(7, ' %_\\ \u{1f600} —。')).toEqual([])
    expect(termsToFind(7, '猫', true)).toEqual([])
    expect(termsToFind(7, 'a', true)).toEqual([])
    expect(termsToFind(7, 'a', false)).toHaveLength(1)
  })

  test('the same words of two people have nothing in common', () => {
    const text = 'All of this is theirs alone: 数据库性能'
    for (const other of [8, 7 + 2 ** 32, 7 * 2 ** 32]) {
      const theirs = new Set(termsOf(other, text))
      expect(termsOf(7, text).filter((term) => theirs.has(term))).toEqual([])
    }
  })

  test('a long text has a bounded number, and says that there is more', () => {
    const distinct = Array.from({ length: 20_000 }, (_, at) => `w${at.toString(36)}`).join(' ')
    for (const text of [distinct, 'a '.repeat(40_000)]) {
      expect(termsOf(7, text).length).toBeLessThan(3100)
      expect(termsOf(7, text)).toContain(restTerm(7))
    }
    expect(termsOf(7, 'a '.repeat(1000))).not.toContain(restTerm(7))
  })

  test('any piece of any text leads to it, and every term fits into an integer', () => {
    const word = fc.constantFrom(
      '数据',
      '库',
      'Über',
      'x',
      '42',
      'ﬁne',
      'İs',
      '\u{1f600}',
      '%',
      '가',
      'e\u0301',
      '𠮷',
    )
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        (words, from, length) => {
          const at = from % words.length
          const piece = words.slice(at, at + 1 + (length % 4)).join(' ')
          const text = words.join(' ')
          expect([text, piece, leads(piece, text)]).toEqual([text, piece, true])
          for (const term of termsOf(7, text)) expect(term | 0).toBe(term)
        },
      ),
    )
  })
})

describe('a folded text', () => {
  test('tells where in the original its characters come from', () => {
    const text = 'aﬁb ＡＢ İx e\u0301z ㎏!'
    const { folded, originOf } = foldWithOrigins(text)
    for (const [piece, original] of [
      ['b ab', 'b ＡＢ'],
      ['x', 'x'],
      ['z', 'z'],
      ['kg', '㎏'],
      ['!', '!'],
    ]) {
      const at = folded.indexOf(piece as string)
      expect(text.slice(originOf(at), originOf(at + (piece as string).length))).toBe(original as string)
    }
  })

  test('never points beyond the original, and never backwards', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { folded, originOf } = foldWithOrigins(text)
        let last = 0
        for (let at = 0; at <= folded.length; at++) {
          expect(originOf(at)).toBeGreaterThanOrEqual(last)
          last = originOf(at)
        }
        expect(last).toBe(text.length)
      }),
    )
  })
})
