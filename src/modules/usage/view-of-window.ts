import type { QuotaWindow } from './get-quota.ts'

/** As clients see it. */
export function viewOfWindow({ resetsAt, ...window }: QuotaWindow) {
  return { ...window, resets_at: resetsAt.toISOString() }
}
