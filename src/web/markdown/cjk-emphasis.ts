import type { MarkedOptions } from 'marked'

// CommonMark tells the beginning of emphasis from its end by the spaces around it, which Chinese and Japanese do not
// have: in `**“text”**文` the second mark would begin something. As in the extension known as "CJK-friendly
// emphasis", a character of these scripts counts like a space on the other side of a punctuation mark.

const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
const mark = '(?!~)[\\p{P}\\p{S}]'
const markOrSpace = '(?!~)[\\s\\p{P}\\p{S}]'
const letter = '(?:[^\\s\\p{P}\\p{S}]|~)'
const otherLetter = `(?![${cjk}])${letter}`

/** marked's own, with a side for those scripts; its groups mean: 1, 2 an end; 3, 4 a beginning; 5, 6 either. */
const endOfStars = new RegExp(
  [
    '^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)',
    '[^*]+(?=[^*])',
    `(?!\\*)${mark}(\\*+)(?=[\\s]|$)`,
    `(?:${otherLetter}|[${cjk}](?=\\*+(?:\\s|$)))(\\*+)(?!\\*)(?=${markOrSpace}|$)`,
    `(?!\\*)(?:\\s|(?!\\s)${mark}(?=\\*+${otherLetter}))(\\*+)(?=${letter})`,
    `[\\s](\\*+)(?!\\*)(?=${mark})`,
    `(?!\\*)${mark}(\\*+)(?!\\*)(?=${mark}|[${cjk}])`,
    `(?:${letter}(?=\\*+${letter})|[${cjk}](?=\\*+(?!\\*)${mark}))(\\*+)`,
  ].join('|'),
  'gu',
)
const beforeBeginning = new RegExp(`^((?![*_])[\\s\\p{P}\\p{S}${cjk}])`, 'u')

/** To be called after a lexer was made, as that sets the rules. */
export function cjkFriendly({ tokenizer }: MarkedOptions): void {
  if (!tokenizer) return
  const { inline, ...rules } = tokenizer.rules
  tokenizer.rules = {
    ...rules,
    inline: { ...inline, punctuation: beforeBeginning, emStrongRDelimAst: endOfStars },
  }
}
