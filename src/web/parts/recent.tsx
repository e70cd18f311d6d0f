import { useEffect } from 'preact/hooks'
import { goToConversation, hrefOfConversation } from '../place.ts'
import { readRecent, recent } from '../recent.ts'
import { texts } from '../texts.ts'
import { follow } from './link.tsx'

/** The latest conversations, to go on with. */
export function Recent() {
  useEffect(() => void readRecent(), [])
  const t = texts.value
  if (recent.value === null || recent.value.length === 0) return null
  return (
    <nav class="recent" aria-label={t.recent}>
      <h2>{t.recent}</h2>
      <ul>
        {recent.value.map(({ id, title }) => (
          <li key={id}>
            <a href={hrefOfConversation(id)} onClick={(event) => follow(event, () => goToConversation(id))}>
              {title ?? t.untitled}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
