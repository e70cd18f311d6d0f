import hljs from 'highlight.js/lib/common'
import { type ComponentChildren, h } from 'preact'

/** The code in pieces with a class for what each is; null when the language is not known. */
export function colourCode(code: string, language: string): ComponentChildren | null {
  if (!hljs.getLanguage(language)) return null
  const { value } = hljs.highlight(code, { language, ignoreIllegals: true })
  const { body } = new DOMParser().parseFromString(value, 'text/html')
  return [...body.childNodes].map(toPiece)
}

/** Of what was parsed only text and classes are taken over. */
function toPiece(node: Node): ComponentChildren {
  if (!(node instanceof Element)) return node.textContent
  return h('span', { class: node.className }, [...node.childNodes].map(toPiece))
}
