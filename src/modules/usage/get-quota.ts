import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { findQuota } from './store.ts'

export interface Quota {
  plan: string
  windows: QuotaWindow[]
}

export interface QuotaWindow {
  unit: 'requests' | 'tokens' | 'cost'
  period: 'day' | 'month'
  /** null: there is none. Cost in millionths of the currency. */
  limit: number | null
  used: number
  left: number | null
  resetsAt: Date
}

/** What a person may use, has used and has left. Throws `not_found`. */
export async function getQuota(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  userId: number,
): Promise<Quota> {
  const settings = { defaultPlan: config.auth.defaultPlan, timezone: config.usage.timezone, now: now() }
  const found = await findQuota(db, userId, settings)
  if (found === null) throw new AppError('not_found', 'No such account')
  const { plan, limits, used, dayEndsAtMs, monthEndsAtMs } = found
  const windows = windowNames.map(([unit, period]): QuotaWindow => {
    const limit = limits[`${unit}_${period}`] ?? null
    const spent = used[`${unit}_${period}`]
    return {
      unit,
      period,
      limit,
      used: spent,
      left: limit === null ? null : Math.max(0, limit - spent),
      resetsAt: new Date(period === 'day' ? dayEndsAtMs : monthEndsAtMs),
    }
  })
  return { plan, windows }
}

const windowNames = [
  ['requests', 'day'],
  ['tokens', 'day'],
  ['cost', 'day'],
  ['requests', 'month'],
  ['tokens', 'month'],
  ['cost', 'month'],
] as const
