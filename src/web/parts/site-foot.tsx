import { site } from '../site.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the operator has to say at the foot of a page: a line, and where the terms are. */
export function SiteFoot() {
  const t = shellTexts.value
  const { footer, terms_url, privacy_url } = site.value
  if (footer === null && terms_url === null && privacy_url === null) return null
  return (
    <footer class="site-foot">
      {footer !== null && <span>{footer}</span>}
      {terms_url !== null && <Outside href={terms_url} text={t.terms} />}
      {privacy_url !== null && <Outside href={privacy_url} text={t.privacy} />}
    </footer>
  )
}

/** In a window of its own: what somebody is filling in stays. */
function Outside({ href, text }: { href: string; text: string }) {
  return (
    <a href={href} target="_blank" rel="noopener">
      {text}
    </a>
  )
}
