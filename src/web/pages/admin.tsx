import type { ComponentType } from 'preact'
import { adminParts } from '../../lib/page-addresses.ts'
import { account } from '../account.ts'
import { PageNav } from '../parts/page-nav.tsx'
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

const parts: Record<(typeof adminParts)[number], ComponentType> = {
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
  const current = adminParts.find((name) => name === section.value) ?? 'overview'
  const Part = parts[current]
  return (
    <Page title={t.admin}>
      <div class="admin">
        <PageNav
          label={adminTexts.value.parts}
          class="admin-nav"
          names={adminParts}
          words={adminTexts.value.names}
          current={current}
          hrefOf={hrefOfAdmin}
          goTo={goToAdmin}
        />
        <Part />
      </div>
    </Page>
  )
}
