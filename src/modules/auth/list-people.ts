import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isStorable } from './identifiers.ts'
import { invalidField } from './invalid-field.ts'
import { isText, type PeopleOrder, type PeoplePosition } from './people-order-store.ts'
import { findPerson, listPeople as list, type PeopleFilter, type Person } from './people-store.ts'

export type { PeopleOrder } from './people-order-store.ts'
export type { PeopleFilter, Person } from './people-store.ts'

/** Everybody with an account; the newest first, if nothing else is said. Throws `invalid_request` for what is no cursor. */
export async function listPeople(
  { db, now: clock }: Pick<Deps, 'db' | 'now'>,
  filter: PeopleFilter,
  { cursor, limit, order = newestFirst }: { cursor: string | null; limit: number; order?: PeopleOrder },
): Promise<{ items: Person[]; nextCursor: string | null }> {
  const search = filter.search?.trim() || null
  if (search !== null && !isStorable(search)) return { items: [], nextCursor: null }
  const after = cursor === null ? null : readCursor(cursor, order)
  const rows = await list(db, { ...filter, search }, { order, after, limit: limit + 1, now: clock() })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = last !== undefined && rows.length > limit
  return {
    items: shown.map(({ person }) => person),
    nextCursor: hasMore
      ? encodeCursor({ sort: nameOf(order), at: last.position, id: String(last.person.id) })
      : null,
  }
}

const newestFirst: PeopleOrder = { by: 'created', isDescending: true }

/** It is good for the order that it came with. */
function readCursor(cursor: string, order: PeopleOrder): PeoplePosition {
  const { sort, at, id } = decodeCursor(cursor) ?? {}
  const isId = typeof id === 'string' && /^\d{1,15}$/.test(id)
  if (sort === nameOf(order) && isId && typeof at === 'string' && isPlace(at, order))
    return { at, id: Number(id) }
  throw invalidField('cursor', 'This is no cursor of ours, or of another order')
}

function isPlace(at: string, order: PeopleOrder): boolean {
  return isText(order) ? isStorable(at) : /^\d{1,18}$/.test(at)
}

function nameOf({ by, isDescending }: PeopleOrder): string {
  return `${by} ${isDescending ? 'down' : 'up'}`
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
