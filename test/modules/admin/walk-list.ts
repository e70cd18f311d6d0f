import { expect } from 'bun:test'
import type { Answer, Person } from './admin.ts'

export const base = '/api/v1/admin'

/** What a query finds, in its order, by one of the fields. */
export type Wanted = readonly (readonly [query: string, names: readonly string[]])[]

/** All of it in one answer, and the same one a page: each goes on where the one before has ended. */
export async function walk(admin: Person, path: string, name: string, wanted: Wanted): Promise<void> {
  for (const [query, names] of wanted) {
    const whole = made(await admin.ask('GET', `${base}/${path}?${query}`), 200)
    expect([path, query, namesOf(whole, name), whole.next_cursor]).toEqual([path, query, names, null])
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = made(await admin.ask('GET', `${base}/${path}?${query}&limit=1&cursor=${cursor}`), 200)
      found.push(...namesOf(page, name))
      cursor = page.next_cursor
    }
    expect([path, query, found]).toEqual([path, query, [...names]])
  }
}

function namesOf(page: Answer['body'], name: string): string[] {
  return page.items.map((item: Record<string, unknown>) => String(item[name]))
}

/** Throws for what was not made. */
export function made({ status, body }: Answer, expected = 201): Answer['body'] {
  if (status !== expected) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}
