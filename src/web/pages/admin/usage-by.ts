import { ask } from '../../ask.ts'

export interface UsageWish {
  by: 'user' | 'model' | 'provider' | 'key'
  /** Days; empty: the last thirty. */
  from: string
  to: string
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

/** All of it, the most first: of people and keys what `measure` says, of the others tokens. */
export async function fetchUsage(
  wish: UsageWish,
  measure: string | undefined,
): Promise<{ items: UsageRow[]; next_cursor: null }> {
  const sort = measures.find((known) => known === measure) ?? 'tokens'
  return { items: await rowsOf(wish, sort), next_cursor: null }
}

async function rowsOf({ by, to, ...wish }: UsageWish, sort: (typeof measures)[number]): Promise<UsageRow[]> {
  const from = wish.isWhole ? longAgo() : wish.from
  switch (by) {
    case 'user': {
      const { items } = await ask('GET', 'admin/usage/by-user', { query: { sort, from, to } })
      return items.map((sums) => ({ ...sums, key: sums.user_id ?? '' }))
    }
    case 'key': {
      const { items } = await ask('GET', 'admin/usage/by-key', { query: { sort, from, to } })
      return items.map((sums) => ({ ...sums, key: sums.key_id }))
    }
    case 'model': {
      const { items } = await ask('GET', 'admin/usage/by-model', { query: { from, to } })
      return items.map((sums) => ({ ...sums, key: sums.model, name: sums.model }))
    }
    case 'provider': {
      const { items } = await ask('GET', 'admin/usage/by-provider', { query: { from, to } })
      return items.map((sums) => ({ ...sums, key: sums.provider, name: sums.provider }))
    }
  }
}

/** The service looks back ten years at most, and has its own idea of which day it is. */
function longAgo(): string {
  const day = new Date()
  day.setUTCDate(day.getUTCDate() - 3650)
  return day.toISOString().slice(0, 10)
}
