import type { Deps } from '../../deps.ts'
import { enterAbandoned, listAbandonedCalls } from './calls-store.ts'

const batchSize = 500

/**
 * Enters calls of dead instances in the ledger as `interrupted`, once each, however many look for them. An instance
 * that was silent for `silentSeconds` is dead.
 */
export async function sweepCalls(
  { db, config, instanceId, log }: Pick<Deps, 'db' | 'config' | 'instanceId' | 'log'>,
  silentSeconds: number,
): Promise<void> {
  for (;;) {
    const rows = await listAbandonedCalls(db, { instanceId, silentSeconds, limit: batchSize })
    if (rows.length === 0) return
    await enterAbandoned(db, rows, config.usage.timezone)
    log.warn({ count: rows.length }, 'calls of a dead instance were entered in the ledger')
  }
}
