import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { type PageWish, readPosition, type SortedPage, sortedPageOf } from '../../lib/sorted-page.ts'
import { isStorable } from './identifiers.ts'
import { isText, type PeopleOrder } from './people-order-store.ts'
import { findPerson, listPeople as list, type PeopleFilter, type Person } from './people-store.ts'

export type { PeopleOrder } from './people-order-store.ts'
export type { PeopleFilter, Person } from './people-store.ts'

/** Everybody with an account; the newest first, if nothing else is said. Throws `invalid_request` for what is no cursor. */
export async function listPeople(
  { db, now: clock }: Pick<Deps, 'db' | 'now'>,
  filter: PeopleFilter,
  { order = newestFirst, cursor, limit }: Partial<PageWish<PeopleOrder['by']>> & Page,
): Promise<SortedPage<Person>> {
  const search = filter.search?.trim() || null
  if (search !== null && !isStorable(search)) return { items: [], nextCursor: null }
  const after = readPosition(cursor, order, { at: isText(order) ? 'text' : 'number', isId })
  const rows = await list(db, { ...filter, search }, { order, after, limit: limit + 1, now: clock() })
  const page = sortedPageOf(rows, { order, limit }, ({ at, person }) => ({ at, id: String(person.id) }))
  return { ...page, items: page.items.map(({ person }) => person) }
}

type Page = Pick<PageWish<string>, 'cursor' | 'limit'>

const newestFirst: PeopleOrder = { by: 'created', isDescending: true }

function isId(text: string): boolean {
  return /^\d{1,15}$/.test(text)
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
