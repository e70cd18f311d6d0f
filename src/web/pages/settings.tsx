import { useEffect, useRef } from 'preact/hooks'
import { follow } from '../parts/link.tsx'
import { goTo, hrefOf, section } from '../place.ts'
import { settingsTexts } from '../texts/settings.ts'
import { shellTexts } from '../texts/shell.ts'
import { Page } from './page.tsx'
import { Data } from './settings/data.tsx'
import { Keys } from './settings/keys.tsx'
import { Links } from './settings/links.tsx'
import { Plan } from './settings/plan.tsx'
import { Preferences } from './settings/preferences.tsx'
import { Profile } from './settings/profile.tsx'
import { Security } from './settings/security.tsx'

const sections = {
  profile: Profile,
  preferences: Preferences,
  security: Security,
  plan: Plan,
  keys: Keys,
  data: Data,
  links: Links,
}
const names = ['profile', 'preferences', 'security', 'plan', 'keys', 'data', 'links'] as const
type Name = (typeof names)[number]

/** What a person can set for himself. Each section has an address. */
export function Settings() {
  const current = names.find((name) => name === section.value) ?? 'profile'
  const Section = sections[current]
  return (
    <Page title={shellTexts.value.settings}>
      <div class="settings">
        <Sections current={current} />
        <Section />
      </div>
    </Page>
  )
}

function Sections({ current }: { current: Name }) {
  const t = settingsTexts.value
  const nav = useRef<HTMLElement>(null)
  // On a phone they stand beside one another, more than there is room for.
  useEffect(() => {
    const link = nav.current?.querySelector('[aria-current]')
    link?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return (
    <nav ref={nav} class="settings-nav" aria-label={t.sections}>
      {names.map((name) => (
        <a
          key={name}
          href={`${hrefOf('settings')}#${name}`}
          aria-current={name === current ? 'page' : undefined}
          onClick={(event) => follow(event, () => goTo('settings', name))}
        >
          {t.names[name]}
        </a>
      ))}
    </nav>
  )
}
