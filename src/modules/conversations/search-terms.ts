import { characterClasses, isOfRun, isOfWord } from './character-classes.ts'
import { foldText } from './fold-text.ts'

/** More than this of one text is not indexed: `isRest` in its terms then says that there is more. */
const mostCharacters = 50_000
const mostTerms = 3000
const prefixLengths = [2, 3, 4, 6]

// Beginnings, whole words, pairs and the mark are told apart by what is mixed into their hash.
const ofWord = 0x2545f491
const ofPrefix = 0x5bd1e995
const ofPair = 0x27d4eb2f
const ofRest = 0x165667b1

/**
 * What a text is found by: its words and their first 2, 3, 4 and 6 letters, and of scripts without spaces each two
 * neighbours. Hashed together with whose text it is: one index serves all, and nobody's terms lead to another's texts
 * but by accident.
 */
export function termsOf(userId: number, text: string): number[] {
  const terms = new Set<number>()
  const folded = foldText(text.slice(0, mostCharacters))
  const isWhole = collect(terms, folded, seedOf(userId), prefixLengths) && text.length <= mostCharacters
  if (!isWhole) terms.add(restTerm(userId))
  return [...terms]
}

/** Which the terms of a text hold when there are more of them than are kept. */
export function restTerm(userId: number): number {
  return mix(seedOf(userId) ^ ofRest)
}

/**
 * What a text that holds these folded words must have among its terms. `isOpen`: the last word may be the beginning of
 * a longer one. None: no index helps to find it.
 */
export function termsToFind(userId: number, words: string, isOpen: boolean): number[] {
  const classes = characterClasses()
  const seed = seedOf(userId)
  const lastWord = isOpen && classes[words.charCodeAt(words.length - 1)] === isOfWord ? endOf(words) : ''
  const whole = words.slice(0, words.length - lastWord.length)
  const terms = new Set<number>()
  collect(terms, whole, seed, [])
  const length = prefixLengths.findLast((length) => length <= lastWord.length)
  if (length !== undefined) terms.add(mix(hashOf(seed, lastWord.slice(0, length)) ^ ofPrefix))
  return [...terms]
}

/** For PostgreSQL to read as `integer[]`. */
export function formatTerms(terms: number[]): string {
  return `{${terms.join(',')}}`
}

/** The word at the end. */
function endOf(words: string): string {
  const classes = characterClasses()
  let at = words.length
  while (at > 0 && classes[words.charCodeAt(at - 1)] === isOfWord) at--
  return words.slice(at)
}

/** False: there are more. */
function collect(terms: Set<number>, text: string, seed: number, prefixes: number[]): boolean {
  const classes = characterClasses()
  let hash = seed
  let length = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const kind = classes[unit]
    if (kind === isOfWord) {
      hash = step(hash, unit)
      length++
      before = 0
      if (prefixes.includes(length)) terms.add(mix(hash ^ ofPrefix))
      continue
    }
    if (length > 0) {
      terms.add(mix(hash ^ ofWord))
      hash = seed
      length = 0
    }
    if (kind === isOfRun) {
      const character = text.codePointAt(at) ?? unit
      if (character > 0xffff) at++
      if (before !== 0) terms.add(mix(step(step(seed, before), character) ^ ofPair))
      before = character
    } else before = 0
    if (terms.size >= mostTerms) return false
  }
  if (length > 0) terms.add(mix(hash ^ ofWord))
  return true
}

function seedOf(userId: number): number {
  return mix(mix(userId % 0x100000000) ^ Math.floor(userId / 0x100000000))
}

function hashOf(seed: number, text: string): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = step(hash, text.charCodeAt(at))
  return hash
}

/** FNV-1a. */
function step(hash: number, character: number): number {
  return Math.imul(hash ^ character, 0x01000193)
}

/** The last step of MurmurHash3: every bit depends on every other. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
