import type { UsageRefusal } from '../../db/usage-reserve.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { tellOfQuota } from './tell-of-quota.ts'

/** What is under way ends, and then there may be room. */
const heldRetrySeconds = 30

/**
 * The refusal of a call: which limit leaves no room, and when it begins anew. Tells the person's other windows.
 * `userId`: null for visitors.
 */
export function quotaExceeded(
  deps: Pick<Deps, 'kv' | 'now'>,
  userId: number | null,
  refusal: UsageRefusal,
): AppError {
  if (userId !== null) tellOfQuota(deps, userId)
  const { unit, period, limit, used, is_held } = refusal
  const resetsAt = new Date(refusal.resets_at)
  const seconds = Math.max(1, Math.ceil((resetsAt.getTime() - deps.now().getTime()) / 1000))
  return new AppError('quota_exceeded', messageFor(refusal), {
    retryAfterSeconds: is_held ? Math.min(heldRetrySeconds, seconds) : seconds,
    extra: { unit, period, limit, used, resets_at: resetsAt.toISOString() },
  })
}

const nouns = { requests: 'requests', tokens: 'tokens', cost: 'money' }

function messageFor({ unit, period, is_held, of_key, resets_at }: UsageRefusal): string {
  const whose = of_key ? 'of this key ' : ''
  const what = `The ${nouns[unit]} ${whose}for this ${period}`
  const why = is_held ? `${what} may be used up by what is under way` : `${what}: not enough is left`
  const moment = new Date(resets_at).toISOString().slice(0, 16).replace('T', ' ')
  return `${why}; it begins anew at ${moment} UTC`
}
