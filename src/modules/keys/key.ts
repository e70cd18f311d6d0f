import type { ApiKey } from '../auth/api-key.ts'

/** A key as its owner sees it. The key itself is shown once, when it is made. */
export interface KeyView extends ApiKey {
  name: string
  /** Its last characters. */
  ending: string
  createdAt: Date
  /** To the minute; null: never. */
  lastUsedAt: Date | null
}
