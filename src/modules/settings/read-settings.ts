import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { describeError } from '../../lib/describe-error.ts'
import { listSettings } from './store.ts'

/** What administrators may change while the service runs. */
export interface SiteSettings {
  siteName: string
  /** A line at the foot of the page; null: none. */
  footer: string | null
  registration: Config['auth']['registration']
  /** A model's id, or a provider; null: as the environment says. */
  defaultModel: string | null
}

type ReadDeps = Pick<Deps, 'db' | 'config' | 'log' | 'settingsMemory'>

/**
 * The settings as they are in force: at most a second old, and as they last were, or as the environment has them,
 * when the database is away.
 */
export async function readSettings(deps: ReadDeps): Promise<SiteSettings> {
  const stored = await deps.settingsMemory.read(() => ask(deps))
  return settingsOf(deps.config, stored ?? new Map())
}

/** After a change, for those who ask this process next. */
export async function takeUpSettings(deps: ReadDeps): Promise<void> {
  deps.settingsMemory.forget()
  await deps.settingsMemory.read(() => ask(deps), patienceMs)
}

/** Who has just changed something waits for the database as long as it took to change it. */
const patienceMs = 5000

/** The same where it must be true at this moment. Throws `dependency_down`. */
export async function getSettings({ db, config }: Pick<Deps, 'db' | 'config'>): Promise<SiteSettings> {
  return settingsOf(config, await listSettings(db))
}

/** Whose name stands in letters. Not to be asked inside a transaction: the embedded database has one connection. */
export async function siteOf(deps: ReadDeps): Promise<Pick<Config, 'siteName' | 'frontendBaseUrl' | 'auth'>> {
  const { siteName } = await readSettings(deps)
  const { frontendBaseUrl, auth } = deps.config
  return { siteName, frontendBaseUrl, auth }
}

export function settingsOf(config: Config, stored: ReadonlyMap<string, string>): SiteSettings {
  const registration = stored.get('registration')
  return {
    siteName: stored.get('site_name') ?? config.siteName,
    footer: stored.get('footer') ?? null,
    registration: registrations.find((known) => known === registration) ?? config.auth.registration,
    defaultModel: stored.get('default_model') ?? null,
  }
}

export const registrations = ['open', 'invite', 'closed'] as const

async function ask({ db, log }: ReadDeps): Promise<ReadonlyMap<string, string>> {
  try {
    return await listSettings(db)
  } catch (error) {
    log.warn({ error: describeError(error) }, 'the settings could not be read')
    throw error
  }
}
