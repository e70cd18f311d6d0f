import { providerSettings } from './provider-settings.ts'
import { accounts } from './settings/accounts.ts'
import { chat } from './settings/chat.ts'
import { images } from './settings/images.ts'
import { limits } from './settings/limits.ts'
import { mail } from './settings/mail.ts'
import { models } from './settings/models.ts'
import { server } from './settings/server.ts'
import { stores } from './settings/stores.ts'
import { turns } from './settings/turns.ts'
import { usage } from './settings/usage.ts'

/** Every setting that has a name of its own. Drives loading, faults, warnings and the help. */
export const settings = {
  ...server,
  ...stores,
  ...mail,
  ...accounts,
  ...models,
  ...images,
  ...chat,
  ...turns,
  ...usage,
  ...limits,
}

/** The settings as the help groups them. */
export const topics = [
  { title: 'Service', table: server },
  { title: 'Database and Redis', table: stores },
  { title: 'Mail', table: mail },
  { title: 'Accounts', table: accounts },
  { title: 'Models', table: models },
  { title: 'Model providers', table: providerSettings },
  { title: 'Pictures', table: images },
  { title: 'Chat', table: chat },
  { title: 'Turns: a question and its answer', table: turns },
  { title: 'Usage: plans and balances', table: usage },
  { title: 'Limits: so many in so many seconds; 0 turns one off', table: limits },
]
