import { and, type Column, gt, gte, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Order } from '../lib/sorted-page.ts'
import { holds, numberKey, type Sorting, type SortKey, textKey } from './sorting.ts'

/** A table of what is handed out to be used so many times, until some moment; its ids are in the order of time. */
export interface HandedOutColumns {
  id: Column
  note: Column
  uses: Column
  maxUses: Column
  expiresAt: Column
  /** What is withdrawn is expired too; absent: such rows are gone. */
  withdrawnAt?: Column
}

/** What was used up stays so, and what was withdrawn has not expired by itself. */
export type HandedOutState = 'open' | 'used_up' | 'expired' | 'withdrawn'

export interface HandedOutFilter {
  /** Part of its note, or of its code's last characters. */
  search: string | null
  state: HandedOutState | null
}

export function isWanted(
  { search, state }: HandedOutFilter,
  table: HandedOutColumns & { ending: Column },
  now: Date,
): SQL | undefined {
  return and(
    search === null ? undefined : holds(search, [table.note, table.ending]),
    state === null ? undefined : isIn(state, table, now),
  )
}

function isIn(
  state: HandedOutState,
  { uses, maxUses, expiresAt, withdrawnAt }: HandedOutColumns,
  now: Date,
): SQL | undefined {
  const isLeft = lt(uses, maxUses)
  switch (state) {
    case 'used_up':
      return gte(uses, maxUses)
    case 'open':
      return and(isLeft, or(isNull(expiresAt), gt(expiresAt, now)))
    case 'expired':
      return and(isLeft, lte(expiresAt, now), withdrawnAt && isNull(withdrawnAt))
    case 'withdrawn':
      return and(isLeft, withdrawnAt ? isNotNull(withdrawnAt) : sql`false`)
  }
}

export type HandedOutSort = 'created' | 'note' | 'uses'

/** `others`: what else such a table is sorted by. */
export function handedOutSorting<By extends string>(
  { by, isDescending }: Order<By | HandedOutSort>,
  { id, note, uses }: HandedOutColumns,
  others: Record<Exclude<By, HandedOutSort>, SortKey>,
): Sorting {
  const keys: Record<string, Sorting['key']> = {
    ...others,
    created: 'none',
    note: textKey(sql`${note}`),
    uses: numberKey(sql`${uses}`),
  }
  return { key: keys[by] ?? 'none', id: { of: id, type: 'uuid' }, isDescending }
}
