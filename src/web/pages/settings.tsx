import { PageNav } from '../parts/page-nav.tsx'
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

/** What a person can set for himself. Each section has an address. */
export function Settings() {
  const current = names.find((name) => name === section.value) ?? 'profile'
  const Section = sections[current]
  return (
    <Page title={shellTexts.value.settings}>
      <div class="settings">
        <PageNav
          label={settingsTexts.value.sections}
          class="settings-nav"
          names={names}
          words={settingsTexts.value.names}
          current={current}
          hrefOf={(name) => `${hrefOf('settings')}#${name}`}
          goTo={(name) => goTo('settings', name)}
        />
        <Section />
      </div>
    </Page>
  )
}
