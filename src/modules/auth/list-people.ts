import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { pageOf, readIdCursor } from '../../lib/id-page.ts'
import { isStorable } from './identifiers.ts'
import { findPerson, listPeople as list, type PeopleFilter, type Person } from './people-store.ts'

export type { PeopleFilter, Person } from './people-store.ts'

/** Everybody with an account, the newest first. Throws `invalid_request` for what is no cursor. */
export async function listPeople(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  filter: PeopleFilter,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: Person[]; nextCursor: string | null }> {
  const search = filter.search?.trim() || null
  if (search !== null && !isStorable(search)) return { items: [], nextCursor: null }
  const lastId = readIdCursor(cursor, (id) => /^\d{1,15}$/.test(id))
  const page = { beforeId: lastId === null ? null : Number(lastId), limit: limit + 1, now: now() }
  return pageOf(await list(db, { ...filter, search }, page), limit)
}

/** Throws `not_found`. */
export async function getPerson({ db, now }: Pick<Deps, 'db' | 'now'>, uid: string): Promise<Person> {
  const person = isUid(uid) ? await findPerson(db, uid, now()) : null
  if (person === null) throw noPerson()
  return person
}

export function isUid(text: string): boolean {
  return text.length <= 100 && isStorable(text)
}

export function noPerson(): AppError {
  return new AppError('not_found', 'There is no such person')
}
