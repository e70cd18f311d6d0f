import { ask } from '../../ask.ts'

export interface UsageWish {
  by: 'user' | 'model' | 'provider' | 'key'
  sort: 'tokens' | 'calls' | 'cost'
  /** Days; empty: the last thirty. */
  from: string
  to: string
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

/** All of it, the most first. */
export async function fetchUsage(wish: UsageWish): Promise<{ items: UsageRow[]; next_cursor: null }> {
  return { items: await rowsOf(wish), next_cursor: null }
}

async function rowsOf({ by, sort, from, to }: UsageWish): Promise<UsageRow[]> {
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
