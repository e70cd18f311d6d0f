import { useEffect, useRef } from 'preact/hooks'
import { account } from '../account.ts'
import { follow } from '../parts/link.tsx'
import { goToAdmin, hrefOfAdmin, section } from '../place.ts'
import { adminTexts } from '../texts/admin.ts'
import { shellTexts } from '../texts/shell.ts'
import { Empty } from '../ui/empty.tsx'
import { Acts } from './admin/acts.tsx'
import { Codes } from './admin/codes.tsx'
import { Invites } from './admin/invites.tsx'
import { Models } from './admin/models.tsx'
import { Overview } from './admin/overview.tsx'
import { Plans } from './admin/plans.tsx'
import { ProviderKeys } from './admin/provider-keys.tsx'
import { SiteSettings } from './admin/site-settings.tsx'
import { Usage } from './admin/usage.tsx'
import { Users } from './admin/users.tsx'
import { Page } from './page.tsx'

const parts = {
  overview: Overview,
  users: Users,
  plans: Plans,
  models: Models,
  keys: ProviderKeys,
  invites: Invites,
  codes: Codes,
  usage: Usage,
  settings: SiteSettings,
  log: Acts,
}
const names = [
  'overview',
  'users',
  'plans',
  'models',
  'keys',
  'invites',
  'codes',
  'usage',
  'settings',
  'log',
] as const
type Name = (typeof names)[number]

/** What an administrator sees and changes. Each part has an address. The server lets nobody else have any of it. */
export function Admin() {
  const t = shellTexts.value
  if (account.value?.role !== 'admin') {
    return (
      <Page title={t.admin}>
        <Empty icon="info" text={adminTexts.value.onlyAdmins} />
      </Page>
    )
  }
  const current = names.find((name) => name === section.value) ?? 'overview'
  const Part = parts[current]
  return (
    <Page title={t.admin}>
      <div class="admin">
        <Parts current={current} />
        <Part />
      </div>
    </Page>
  )
}

function Parts({ current }: { current: Name }) {
  const t = adminTexts.value
  const nav = useRef<HTMLElement>(null)
  // On a phone there are more of them than there is room for.
  useEffect(() => {
    const link = nav.current?.querySelector('[aria-current]')
    link?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return (
    <nav ref={nav} class="admin-nav" aria-label={t.parts}>
      {names.map((name) => (
        <a
          key={name}
          href={hrefOfAdmin(name)}
          aria-current={name === current ? 'page' : undefined}
          onClick={(event) => follow(event, () => goToAdmin(name))}
        >
          {t.names[name]}
        </a>
      ))}
    </nav>
  )
}
