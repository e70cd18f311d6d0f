import { home } from '../place.ts'
import { isSiteKnown, site } from '../site.ts'
import { Link } from './link.tsx'

/** The way home. */
export function Brand() {
  const { name, logo } = site.value
  return (
    <Link to="chat" class={isSiteKnown.value ? 'brand' : 'brand unknown'}>
      {logo === null ? <OwnLogo /> : <img src={home() + logo} height="26" alt="" />}
      <span>{name}</span>
    </Link>
  )
}

function OwnLogo() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path
        class="logo"
        d="M9 5h14a7 7 0 0 1 7 7v5a7 7 0 0 1-7 7h-6l-6 5v-5H9a7 7 0 0 1-7-7v-5a7 7 0 0 1 7-7z"
      />
    </svg>
  )
}
