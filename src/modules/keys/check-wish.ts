import type { KeyScope } from '../../db/key-tables.ts'
import type { Deps } from '../../deps.ts'
import { isAddressRange } from '../../lib/addresses.ts'
import type { Limit } from '../../lib/limits.ts'
import { allScopes } from '../auth/api-key.ts'
import { checkFuture, toMoment } from '../auth/future-moment.ts'
import { isStorable } from '../auth/identifiers.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { findModel } from '../models/find-model.ts'
import { findImageModel } from '../models/image-models.ts'
import { readLimits } from '../usage/plans.ts'
import type { KeyChanges } from './store.ts'

const maxNameLength = 100
const maxDays = 3650

/** What somebody wants a key to be; undefined: nothing is said about it. */
export interface KeyWish {
  name?: string
  scopes?: KeyScope[]
  /** Names of models, as in a question. */
  models?: string[] | null
  expiresAt?: string | null
  limits?: Record<string, number | null> | null
  rate?: Limit
  allowedAddresses?: string[] | null
}

type WishDeps = Pick<Deps, 'llm' | 'config' | 'offerMemory' | 'now'>

/** The same, fit to be stored. Throws `invalid_request`. */
export function checkWish(deps: WishDeps, wish: KeyWish): KeyChanges {
  const { name, scopes, models, expiresAt, limits, rate, allowedAddresses } = wish
  return {
    ...(name === undefined ? {} : { name: toName(name) }),
    ...(scopes === undefined ? {} : { scopes: allScopes.filter((scope) => scopes.includes(scope)) }),
    ...(models === undefined ? {} : { models: models && toModels(deps, models) }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : toExpiry(deps, expiresAt) }),
    ...(limits === undefined ? {} : { limits: readLimits(limits ?? {}, 'quota') }),
    ...(rate === undefined ? {} : { rate }),
    ...(allowedAddresses === undefined
      ? {}
      : { allowedAddresses: allowedAddresses && toRanges(allowedAddresses) }),
  }
}

/** Without the spaces around it. Throws `invalid_request`. */
export function toName(text: string): string {
  const name = text.trim()
  if (name === '') throw invalidField('name', 'The name is empty')
  if ([...name].length > maxNameLength) {
    throw invalidField('name', `A name may have ${maxNameLength} characters at most`)
  }
  if (!isStorable(name)) throw invalidField('name', 'The name holds characters that are none')
  return name
}

function toModels(deps: WishDeps, names: string[]): string[] {
  return [...new Set(names.map((name) => idOf(deps, name)))]
}

/** Of a model that draws by all of its name, of the others as in a question. */
function idOf(deps: WishDeps, name: string): string {
  return (findImageModel(deps, name) ?? findModel(deps, name, 'models')).id
}

function toExpiry({ now }: Pick<Deps, 'now'>, text: string): Date {
  const tooFar = `A key may last ${maxDays} days at most; null: for ever`
  return checkFuture(toMoment(text, 'expires_at'), now(), { path: 'expires_at', maxDays, tooFar })
}

function toRanges(texts: string[]): string[] {
  const ranges = texts.map((text) => text.trim().toLowerCase())
  if (!ranges.every(isAddressRange)) {
    throw invalidField(
      'allowed_addresses',
      'Expected addresses, or ranges like 192.0.2.0/24 and 2001:db8::/32',
    )
  }
  return [...new Set(ranges)]
}
