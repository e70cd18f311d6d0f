import DOMPurify from 'dompurify'
import { Marked } from 'marked'
import { useLayoutEffect, useRef } from 'preact/hooks'

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // A picture from elsewhere would tell its server who reads this; it becomes a link.
    image({ href, text }) {
      return `<a href="${escapeAttribute(href)}">${escapeText(text || href)}</a>`
    },
  },
})

DOMPurify.addHook('afterSanitizeAttributes', (element) => {
  if (element.tagName === 'A') {
    element.setAttribute('target', '_blank')
    element.setAttribute('rel', 'noopener noreferrer nofollow')
  }
})

/** A model's Markdown, sanitised: no scripts, no styles, no forms, nothing loaded from elsewhere. */
export function Markdown({ text }: { text: string }) {
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    element.current?.replaceChildren(sanitise(marked.parse(text, { async: false })))
  }, [text])
  return <div class="markdown" ref={element} />
}

function sanitise(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: [
      'style',
      'form',
      'button',
      'select',
      'textarea',
      'img',
      'picture',
      'audio',
      'video',
      'source',
    ],
    FORBID_ATTR: ['style', 'id', 'name', 'class'],
    RETURN_DOM_FRAGMENT: true,
  })
}

const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const escapeAttribute = (text: string) => escapeText(text).replaceAll('"', '&quot;')
