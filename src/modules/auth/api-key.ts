import type { KeyScope } from '../../db/key-tables.ts'
import type { UsageLimits } from '../../db/usage-tables.ts'
import type { Limit } from '../../lib/limits.ts'
import { createToken } from '../../lib/tokens.ts'

/** What a program comes in with instead of its owner, and how far it gets. */
export interface ApiKey {
  id: string
  scopes: KeyScope[]
  /** Ids of models; null: all that its owner may use. */
  models: string[] | null
  /** null: from everywhere. */
  allowedAddresses: string[] | null
  /** Of its own, beside its owner's. */
  limits: UsageLimits
  /** null: as the settings say. */
  rate: Limit
  /** null: for ever. */
  expiresAt: Date | null
}

export const allScopes: readonly KeyScope[] = ['chat', 'images', 'files', 'usage']

/** So that people and programs that look for secrets know one when they see it. */
const prefix = 'cc-'

export function createKeyText(): string {
  return prefix + createToken()
}

/** Whether a text has the form of a key, before the database is asked for it. */
export function isKeyText(text: string): boolean {
  return /^cc-[A-Za-z0-9_-]{43}$/.test(text)
}

/** Whether somebody meant it to be a key, be it a mutilated one. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(prefix)
}
