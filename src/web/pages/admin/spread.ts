import { formatSeconds } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'

/** How long something took: half of it, and nearly all. */
export function spreadOf(spread: { p50: number; p95: number } | null): string {
  if (spread === null) return '–'
  return adminTexts.value.overview.spread(formatSeconds(spread.p50), formatSeconds(spread.p95))
}
