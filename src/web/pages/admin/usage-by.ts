import { ask } from '../../ask.ts'
import type { TablePage } from '../../ui/table.tsx'
import { type Place, placeOf } from './lists-api.ts'

export interface UsageWish {
  by: 'user' | 'model' | 'provider' | 'key'
  /** Days; empty: the last thirty. */
  from: string
  to: string
  /** Of whose models; empty: all. */
  provider: string
  /** All days, instead. */
  isWhole: boolean
}

export interface UsageRow {
  key: string
  /** null: it has none, or is gone. */
  name: string | null
  calls: number
  error_rate: number | null
  total_tokens: number
  cost_micros: number
}

const measures = ['tokens', 'calls', 'cost'] as const

/** The most first of what it is sorted by. */
export async function fetchUsage(wish: UsageWish, place: Place): Promise<TablePage<UsageRow>> {
  const { by, to, provider, isWhole } = wish
  const { order: _, ...at } = placeOf(place, measures)
  const query = { ...at, from: isWhole ? longAgo() : wish.from, to, provider }
  switch (by) {
    case 'user': {
      const page = await ask('GET', 'admin/usage/by-user', { query })
      return pageOf(page, (sums) => ({ ...sums, key: sums.user_id ?? '' }))
    }
    case 'key': {
      const page = await ask('GET', 'admin/usage/by-key', { query })
      return pageOf(page, (sums) => ({ ...sums, key: sums.key_id }))
    }
    case 'model': {
      const page = await ask('GET', 'admin/usage/by-model', { query })
      return pageOf(page, (sums) => ({ ...sums, key: sums.model, name: sums.model }))
    }
    case 'provider': {
      const page = await ask('GET', 'admin/usage/by-provider', { query })
      return pageOf(page, (sums) => ({ ...sums, key: sums.provider, name: sums.provider }))
    }
  }
}

function pageOf<Sums>(
  { items, next_cursor }: TablePage<Sums>,
  rowOf: (sums: Sums) => UsageRow,
): TablePage<UsageRow> {
  return { items: items.map(rowOf), next_cursor }
}

/** The service looks back ten years at most, and has its own idea of which day it is. */
function longAgo(): string {
  const day = new Date()
  day.setUTCDate(day.getUTCDate() - 3650)
  return day.toISOString().slice(0, 10)
}
