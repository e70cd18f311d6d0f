/** Between when something was last touched and now, in words that people use. */
export type DateGroup =
  | 'pinned'
  | 'today'
  | 'yesterday'
  | 'lastWeek'
  | 'lastMonth'
  | { year: number; month: number }

export interface Group<Item> {
  /** The same for the same group. */
  key: string
  group: DateGroup
  items: Item[]
}

interface Dated {
  pinned: boolean
  updated_at: string
}

/** Cuts a list, newest first and pinned ones on top, into groups by the days of this place on earth. */
export function groupByDate<Item extends Dated>(items: readonly Item[], now: Date): Group<Item>[] {
  const groups: Group<Item>[] = []
  for (const item of items) {
    const group = item.pinned ? 'pinned' : groupOf(new Date(item.updated_at), now)
    const key = typeof group === 'string' ? group : `${group.year}-${group.month}`
    const last = groups.at(-1)
    if (last?.key === key) last.items.push(item)
    else groups.push({ key, group, items: [item] })
  }
  return groups
}

function groupOf(date: Date, now: Date): DateGroup {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000)
  if (days <= 0) return 'today'
  if (days === 1) return 'yesterday'
  if (days <= 7) return 'lastWeek'
  if (days <= 30) return 'lastMonth'
  return { year: date.getFullYear(), month: date.getMonth() }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
