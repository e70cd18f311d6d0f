import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { KeyView } from './key.ts'
import { findKey } from './store.ts'

/** Throws `not_found`. */
export async function getKey({ db }: Pick<Deps, 'db'>, userId: number, id: string): Promise<KeyView> {
  const key = await findKey(db, userId, id)
  if (key === null) throw noKey()
  return key
}

export function noKey(): AppError {
  return new AppError('not_found', 'There is no such API key')
}
