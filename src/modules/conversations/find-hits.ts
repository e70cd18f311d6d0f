import { characterClasses, isOfWord, wordCharacter } from './character-classes.ts'
import { foldWithOrigins } from './fold-text.ts'
import type { Need } from './parse-search.ts'

/** A piece of what was found; `hit`: it is what was looked for. */
export interface SnippetPart {
  text: string
  hit: boolean
}

/** Whoever judges has the last word on what is found; `null`: it does not meet all needs. */
export type Judge = (text: string) => SnippetPart[] | null

const charactersBefore = 40
const charactersInAll = 200
const mostHits = 20

/** Shows the surroundings of the first hit. */
export function createJudge(needs: Need[]): Judge {
  const patterns = needs.map(patternOf)
  return (text) => {
    const { folded, originOf } = foldWithOrigins(text)
    const hits: Span[] = []
    for (const pattern of patterns) {
      const found = firstHits(folded, pattern)
      if (found.length === 0) return null
      hits.push(...found)
    }
    const spans = hits.map(({ from, to }) => ({ from: originOf(from), to: originOf(to) }))
    return cutOut(text, join(spans))
  }
}

interface Span {
  from: number
  to: number
}

/** A word begins and ends where no other of its letters follow; Chinese has no such places. */
function patternOf({ words, isOpen }: Need): RegExp {
  const classes = characterClasses()
  const isWordAt = (at: number) => classes[words.charCodeAt(at)] === isOfWord
  const escaped = words.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '\\s+')
  const before = isWordAt(0) ? `(?<!${wordCharacter})` : ''
  const after = isWordAt(words.length - 1) && !isOpen ? `(?!${wordCharacter})` : ''
  return new RegExp(before + escaped + after, 'gv')
}

function firstHits(text: string, pattern: RegExp): Span[] {
  const hits: Span[] = []
  for (const { 0: match, index } of text.matchAll(pattern)) {
    hits.push({ from: index, to: index + match.length })
    if (hits.length === mostHits) break
  }
  return hits
}

/** In order, and what touches becomes one. */
function join(spans: Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}

function cutOut(text: string, hits: Span[]): SnippetPart[] {
  const first = hits[0]?.from ?? 0
  const from = first <= charactersBefore ? 0 : wholeFrom(text, first - charactersBefore)
  const to = wholeFrom(text, Math.min(text.length, from + charactersInAll))
  const parts: SnippetPart[] = []
  const add = (piece: string, hit: boolean) => {
    if (piece !== '') parts.push({ text: piece, hit })
  }
  let at = from
  if (from > 0) add('…', false)
  for (const hit of hits) {
    if (hit.from >= to) break
    add(text.slice(at, hit.from), false)
    add(text.slice(hit.from, Math.min(hit.to, to)), true)
    at = Math.min(hit.to, to)
  }
  add(text.slice(at, to) + (to < text.length ? '…' : ''), false)
  return parts
}

/** Not in the middle of a character. */
function wholeFrom(text: string, at: number): number {
  return text.charCodeAt(at) >>> 10 === 0x37 ? at + 1 : at
}
