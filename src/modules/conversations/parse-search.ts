import { invalidField } from '../auth/invalid-field.ts'
import { characterClasses, isOfWord, isOther } from './character-classes.ts'
import { foldText } from './fold-text.ts'
import { termsToFind } from './search-terms.ts'

const mostCharacters = 200

/** One thing that a text must hold: a word, or a phrase in quotation marks. */
export interface Need {
  /** As `foldText` makes it, with single spaces. */
  words: string
  /** Its last word may be the beginning of a longer one. */
  isOpen: boolean
}

/**
 * What somebody is looking for: all of the words, and the phrases in quotation marks. The last word may be a beginning,
 * as people search while they type. Throws `invalid_request`.
 */
export function parseSearch(text: string): Need[] {
  if (text.length > 2 * mostCharacters || [...text].length > mostCharacters) {
    throw invalidField('q', `At most ${mostCharacters} characters can be searched for`)
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw invalidField('q', 'The text holds characters that are none')
  }
  const needs: Need[] = []
  // A mark that is never closed: a phrase that is still being typed.
  for (const [, phrase, closing, word] of foldText(text).matchAll(/["“”]([^"“”]*)(["“”]|$)|([^\s"“”]+)/g)) {
    const words = (word === undefined ? (phrase ?? '') : word.replace(punctuationAround, '')).trim()
    if (holdsWords(words))
      needs.push({ words: words.replace(/\s+/g, ' '), isOpen: closing !== '"' && closing !== '”' })
  }
  if (needs.length === 0) throw invalidField('q', 'Write at least one letter or digit to search for')
  return needs.map((need, at) => ({
    ...need,
    isOpen: need.isOpen && at === needs.length - 1 && endsInWord(need.words),
  }))
}

/** What the terms of a text must hold to meet all needs. */
export function termsOfNeeds(userId: number, needs: Need[]): number[] {
  return [...new Set(needs.flatMap(({ words, isOpen }) => termsToFind(userId, words, isOpen)))]
}

/**
 * For the lower-cased text of what has no terms yet: met by all that meets the needs, but for other forms of a
 * character. The database makes no capitals small but those of ASCII.
 */
export function patternsOf(needs: Need[]): string[] {
  return needs.map(({ words }) => {
    const letters = words.replace(/[^a-z0-9 ]/gu, (letter) => (hasForms(letter) ? '_' : letter))
    return `%${letters.replaceAll(' ', '%')}%`
  })
}

/** The same for texts of ASCII alone, as regular expressions of the database; none for a single word. */
export function phrasesOf(needs: Need[]): string[] {
  return needs.filter(({ words }) => /^[ -~]* [ -~]*$/.test(words)).map(phraseOf)
}

/** Where words begin and end, as the judge has it: else most candidates would be none ("a test" in "pizza tests"). */
function phraseOf({ words, isOpen }: Need): string {
  const before = /^[a-z0-9]/.test(words) ? '(^|[^a-z0-9])' : ''
  const after = /[a-z0-9]$/.test(words) && !isOpen ? '([^a-z0-9]|$)' : ''
  return before + words.replace(/[^a-z0-9 ]/g, '\\$&').replaceAll(' ', '\\s+') + after
}

/** Belongs to the sentence. Other signs may be part of a name: C++, #1. */
const punctuationAround = /^[.,;:!?…'()[\]{}<>«»、。「」『』《》]+|[.,;:!?…'()[\]{}<>«»、。「」『』《》]+$/g

function holdsWords(text: string): boolean {
  const classes = characterClasses()
  for (let at = 0; at < text.length; at++) if (classes[text.charCodeAt(at)] !== isOther) return true
  return false
}

function endsInWord(text: string): boolean {
  return characterClasses()[text.charCodeAt(text.length - 1)] === isOfWord
}

/** Signs have wide forms in Chinese texts. */
function hasForms(letter: string): boolean {
  return letter <= '\x7f' || letter.toUpperCase() !== letter || letter.toLowerCase() !== letter
}
