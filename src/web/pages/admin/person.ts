import type { Person } from './lists-api.ts'

/** What a person is called where he is spoken of. */
export function nameOf(person: Person): string {
  return person.display_name ?? loginOf(person)
}

/** What he logs in with. */
export function loginOf(person: Person): string {
  return person.email ?? person.username ?? person.phone ?? person.id
}
