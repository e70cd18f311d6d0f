import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { registrations } from './read-settings.ts'
import { saveSettings } from './store.ts'

/** By their names in the table. What is undefined stays as it is; null: as the environment says again. */
export interface SettingsChanges {
  site_name?: string | null | undefined
  footer?: string | null | undefined
  registration?: string | null | undefined
  default_model?: string | null | undefined
}

/**
 * Changes what is in force, in a transaction. Call `takeUpSettings` after it: other instances follow within a
 * second. Throws `invalid_request`. Whether there is such a model is for the caller to know.
 */
export async function updateSettings(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  changes: SettingsChanges,
): Promise<void> {
  const { registration } = changes
  if (typeof registration === 'string' && !registrations.some((known) => known === registration)) {
    throw invalid('registration', `Expected ${registrations.join(', ')}`)
  }
  const read = new Map<string, string | null>()
  for (const [name, value] of Object.entries(changes)) {
    if (value !== undefined) read.set(name, readText(name, value))
  }
  await saveSettings(tx, read, now())
}

const mostLength: Record<string, number> = { site_name: 60, footer: 500 }

function readText(name: string, value: string | null): string | null {
  const text = value?.trim() || null
  if (text === null) return null
  const most = mostLength[name] ?? 200
  const isFit = text.isWellFormed() && !/\p{Cc}/u.test(text) && [...text].length <= most
  if (!isFit) throw invalid(name, `Expected one line of at most ${most} characters`)
  return text
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid_request', message, { faults: [{ path, message }] })
}
