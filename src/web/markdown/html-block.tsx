import DOMPurify from 'dompurify'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { safeAddress } from './safe-address.ts'

const allowed = (
  'p div span br wbr hr b strong i em u s del ins sub sup kbd mark small code pre q cite var samp abbr ruby rt rp ' +
  'ul ol li dl dt dd table caption thead tbody tfoot tr th td blockquote details summary a center figure figcaption'
).split(' ')
const shown = new RegExp(`^\\s*(?:<!--|</?(?:${allowed.join('|')}|font|section|article|h[1-6]|img)\\b)`, 'i')

/** A block of HTML, with what marks up text and nothing else; any other is shown as it was written. */
export function HtmlBlock({ html }: { html: string }) {
  return shown.test(html) ? <Sanitised html={html} /> : <p class="source">{html.trimEnd()}</p>
}

function Sanitised({ html }: { html: string }) {
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => element.current?.replaceChildren(sanitise(html)), [html])
  return <div class="html" ref={element} />
}

function sanitise(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: allowed,
    ALLOWED_ATTR: ['href', 'open', 'start', 'colspan', 'rowspan', 'lang', 'dir'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
  for (const link of fragment.querySelectorAll('a')) {
    const address = safeAddress(link.getAttribute('href') ?? '')
    if (address === null) link.removeAttribute('href')
    else {
      link.href = address
      link.target = '_blank'
      link.rel = 'noopener noreferrer'
    }
  }
  return fragment
}
