import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId, isId } from '../../lib/ids.ts'
import { isMetadataService, isNear, readProviderUrl } from '../../lib/provider-url.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { baseUrlOf } from './refresh-models.ts'
import { sealKey, unsealKey } from './sealed-key.ts'
import {
  findKeyForUpdate,
  insertKey,
  deleteKey as remove,
  type StoredKey,
  updateKey as update,
} from './store.ts'

export type { StoredKey } from './store.ts'

export interface KeyWish {
  provider: string
  name: string
  /** null: the provider's own. */
  baseUrl: string | null
  /** null: it wants none. */
  apiKey: string | null
}

/** What is undefined stays as it is. */
export interface KeyChanges {
  name?: string | undefined
  baseUrl?: string | null | undefined
  apiKey?: string | undefined
  isEnabled?: boolean | undefined
}

type EditDeps = Pick<Deps, 'config' | 'now'>

/**
 * Enters a key, in a transaction; call `takeUpModels` after it. From then on it is shown by its last four characters
 * alone. Throws `invalid_request` with a fault at the field.
 */
export async function createProviderKey(deps: EditDeps, tx: Db, wish: KeyWish): Promise<StoredKey> {
  const { config, now } = deps
  if (!/^[a-z0-9][a-z0-9_-]{0,49}$/.test(wish.provider) || wish.provider === 'demo') {
    throw invalidField('provider', 'Expected a name of lower-case letters, digits, - and _')
  }
  const name = readName(wish.name)
  const place = { id: createId(), provider: wish.provider, baseUrl: readUrl(wish.baseUrl) }
  const apiKey = wish.apiKey === null ? null : readKey(wish.apiKey)
  checkWhole(deps, place.provider, place.baseUrl, apiKey !== null)
  const sealed = apiKey === null ? {} : sealKey(config, place, apiKey)
  return insertKey(tx, { ...place, ...sealed, name, createdAt: now(), updatedAt: now() })
}

/**
 * As above; throws `not_found` too. Another address takes another key along, to be entered again: what was given for
 * one place is not sent to another on somebody's word. Returns it as it was and as it is.
 */
export async function updateProviderKey(
  deps: EditDeps,
  tx: Db,
  id: string,
  changes: KeyChanges,
): Promise<{ before: StoredKey; after: StoredKey }> {
  const before = isId(id) ? await findKeyForUpdate(tx, id) : null
  if (before === null) throw noKey()
  const baseUrl = changes.baseUrl === undefined ? before.baseUrl : readUrl(changes.baseUrl)
  const apiKey = changes.apiKey === undefined ? null : readKey(changes.apiKey)
  if (baseUrl !== before.baseUrl && before.sealedKey !== null && apiKey === null) {
    throw invalidField('key', 'Another address needs the key once more')
  }
  checkWhole(deps, before.provider, baseUrl, apiKey !== null || before.sealedKey !== null)
  const place = { id: before.id, provider: before.provider, baseUrl }
  const after = await update(tx, id, {
    ...(changes.name === undefined ? {} : { name: readName(changes.name) }),
    ...(changes.isEnabled === undefined ? {} : { isEnabled: changes.isEnabled }),
    ...(apiKey === null ? {} : sealKey(deps.config, place, apiKey)),
    baseUrl,
    updatedAt: deps.now(),
  })
  if (after === null) throw noKey()
  return { before, after }
}

/** Throws `not_found`. Returns it as it was. */
export async function deleteProviderKey(tx: Db, id: string): Promise<StoredKey> {
  const gone = isId(id) ? await remove(tx, id) : null
  if (gone === null) throw noKey()
  return gone
}

/** Whether it can be opened with the secrets of the settings; one that wants none always can. */
export function isReadable({ config }: Pick<Deps, 'config'>, key: StoredKey): boolean {
  return key.sealedKey === null || unsealKey(config, key, key.sealedKey) !== null
}

function checkWhole({ config }: EditDeps, provider: string, baseUrl: string | null, hasKey: boolean): void {
  const url = baseUrl ?? baseUrlOf(config, provider)
  if (url === null) throw invalidField('base_url', 'Expected an address: this provider is not known')
  const preset = config.llm.presets.find(({ name }) => name === provider)
  if (!hasKey && baseUrl === null && preset?.needsKey) throw invalidField('key', 'Expected a key')
  const { protocol, hostname } = new URL(url)
  if (hasKey && protocol === 'http:' && !isNear(hostname)) {
    throw invalidField('base_url', 'Expected https: the key would be sent without encryption')
  }
}

function readUrl(text: string | null): string | null {
  if (text === null) return null
  const read = readProviderUrl(text.trim())
  if ('expected' in read) throw invalidField('base_url', `Expected ${read.expected}`)
  if (isMetadataService(new URL(read.url).hostname)) {
    throw invalidField('base_url', 'Expected the address of a provider')
  }
  return read.url
}

function readName(text: string): string {
  const name = text.trim()
  if (/^[^\p{Cc}]{1,100}$/u.test(name) && name.isWellFormed()) return name
  throw invalidField('name', 'Expected 1 to 100 characters')
}

function readKey(text: string): string {
  const key = text.trim()
  if (/^[\x21-\x7e]{8,500}$/.test(key)) return key
  throw invalidField('key', 'Expected 8 to 500 visible ASCII characters, no blanks')
}

export function noKey(): AppError {
  return new AppError('not_found', 'There is no such key')
}
