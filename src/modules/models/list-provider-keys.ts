import type { Deps } from '../../deps.ts'
import {
  holdsText,
  type Order,
  type PageWish,
  pageOfAll,
  type SortedPage,
  sortRows,
} from '../../lib/sorted-page.ts'
import { isReadable } from './edit-keys.ts'
import { listKeys, type StoredKey } from './store.ts'

/** `resting`: it was refused or limited, as far as this instance knows. */
export type KeyStatus = 'in_use' | 'resting' | 'disabled' | 'unreadable'
export type KeySort = 'created' | 'updated' | 'name' | 'provider' | 'status'

export interface KeyFilter {
  /** Part of its name or address, or of its last four characters. */
  search: string | null
  provider: string | null
  status: KeyStatus | null
}

type KeyDeps = Pick<Deps, 'db' | 'llm' | 'config'>

/** Keys that were entered. What is in them stays sealed. Throws `invalid_request` for what is no cursor. */
export async function listProviderKeys(
  deps: KeyDeps,
  { search, provider, status }: KeyFilter,
  wish: PageWish<KeySort, number | null>,
): Promise<SortedPage<StoredKey>> {
  const found = (await listKeys(deps.db)).filter(
    (key) =>
      holdsText(search, [key.name, key.baseUrl, key.lastFour]) &&
      (provider === null || key.provider === provider) &&
      (status === null || statusOf(deps, key) === status),
  )
  return pageOfAll(inOrder(deps, found, wish.order), ({ id }) => id, wish)
}

/** It is asked again after so long, as far as this instance knows; 0: now. */
export function restOf({ llm }: Pick<Deps, 'llm'>, { id }: StoredKey): number {
  const accesses = llm.providers().flatMap((provider) => provider.accesses)
  return accesses.find((access) => access.id === id)?.restSeconds ?? 0
}

function statusOf(deps: KeyDeps, key: StoredKey): KeyStatus {
  if (!isReadable(deps, key)) return 'unreadable'
  if (!key.isEnabled) return 'disabled'
  return restOf(deps, key) > 0 ? 'resting' : 'in_use'
}

/** They come the oldest first. */
function inOrder(deps: KeyDeps, keys: StoredKey[], { by, isDescending }: Order<KeySort>): StoredKey[] {
  switch (by) {
    case 'created':
      return isDescending ? keys.toReversed() : keys
    case 'updated':
      return sortRows(keys, ({ updatedAt }) => updatedAt.getTime(), isDescending)
    case 'name':
      return sortRows(keys, ({ name }) => name, isDescending)
    case 'provider':
      return sortRows(keys, ({ provider }) => provider, isDescending)
    case 'status':
      return sortRows(keys, (key) => statusOf(deps, key), isDescending)
  }
}
