import type { Deps } from '../../deps.ts'
import { hasPlan, tryTimezone } from './store.ts'

/** At the start. Throws, with words for the operator, when the database knows no such TIMEZONE. */
export async function checkUsageSettings({
  db,
  config,
  log,
}: Pick<Deps, 'db' | 'config' | 'log'>): Promise<void> {
  const { timezone } = config.usage
  await tryTimezone(db, timezone).catch((cause) => {
    throw new Error(`TIMEZONE: the database does not know ${timezone}`, { cause })
  })
  const { defaultPlan } = config.auth
  if (!(await hasPlan(db, defaultPlan))) {
    log.warn({ plan: defaultPlan }, 'DEFAULT_PLAN names no plan: what free allows holds until there is one')
  }
}
