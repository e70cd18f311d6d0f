import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { findAppError } from '../../errors.ts'
import type { Batch } from '../../lib/batch.ts'
import { describeError } from '../../lib/describe-error.ts'
import { withTimeLimit } from '../../lib/time-limit.ts'
import { insertRows } from './store.ts'

/** Rows on their way into the ledger. */
export interface UsageEntries {
  batch: Batch<LedgerRow, null>
  /** And whose they are; null: a visitor's. */
  underWay: Map<Promise<void>, number | null>
}

/** With the database away for long: so many rows take a few megabytes. */
const mostUnderWay = 10_000
const retryMs = 1000

type EnterDeps = Pick<Deps, 'db' | 'config' | 'log' | 'usageEntries'>

/**
 * Enters a call that has ended, together with others, a moment later. Resolves when it is in the ledger, which takes
 * as long as the database is away; nobody need wait for that. Never rejects.
 */
export function enterUsage(deps: EnterDeps, row: LedgerRow): Promise<void> {
  const { underWay } = deps.usageEntries
  if (underWay.size >= mostUnderWay) {
    deps.log.error({ call: row.id, model: row.model }, 'too much waits for the ledger: a call is not in it')
    return Promise.resolve()
  }
  const entered = enter(deps, row).finally(() => underWay.delete(entered))
  underWay.set(entered, row.user_id)
  return entered
}

async function enter(deps: EnterDeps, row: LedgerRow): Promise<void> {
  for (;;) {
    try {
      await deps.usageEntries.batch.add(row, async (rows) => {
        await insertRows(deps.db, rows, deps.config.usage.timezone)
        return rows.map(() => null)
      })
      return
    } catch (error) {
      if (findAppError(error)?.code !== 'dependency_down') {
        deps.log.error({ call: row.id, error: describeError(error) }, 'a call is not in the ledger')
        return
      }
      await Bun.sleep(retryMs)
    }
  }
}

const longestHasteMs = 1000

/**
 * Writes at once what waits here of this person, which may be holding room still. False: nothing does. Resolves all
 * the same when that takes too long.
 */
export async function hastenUsage(
  { usageEntries: { batch, underWay } }: Pick<Deps, 'usageEntries'>,
  userId: number | null,
): Promise<boolean> {
  const entering = [...underWay].filter(([, owner]) => owner === userId).map(([entered]) => entered)
  if (entering.length === 0) return false
  batch.flush()
  await withTimeLimit(Promise.all(entering), longestHasteMs, 'the ledger is slow').catch(() => undefined)
  return true
}

/** Waits until all rows are in the ledger, `maxWaitMs` at most. */
export async function drainUsage(
  { usageEntries, log }: Pick<Deps, 'usageEntries' | 'log'>,
  maxWaitMs: number,
): Promise<void> {
  await Promise.race([Promise.all(usageEntries.underWay.keys()), Bun.sleep(maxWaitMs)])
  const { size } = usageEntries.underWay
  if (size > 0) log.error({ calls: size }, 'calls are not in the ledger')
}
