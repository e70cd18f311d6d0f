import type { BalanceEntry } from './balance-store.ts'

/** As it goes over the wire. */
export function viewOfEntry({ createdAt, ...entry }: BalanceEntry) {
  return { ...entry, created_at: createdAt.toISOString() }
}
