import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsPath } from '../lib/assets.ts'

/**
 * The level of this program. A migration that takes away or changes the meaning of something says in its first
 * line which level the programs that run on the result must have: `-- needs level 2`. Raise this number in the
 * release that no longer needs the old state, and bring the migration itself one release later, so that going
 * back by one release always works.
 */
export const programLevel = 1

export interface Migration {
  name: string
  statements: string[]
  neededLevel: number
}

let known: Migration[] | null = null

/** All that this program brings, in the order in which they are run. */
export function listMigrations(): Migration[] {
  known ??= readMigrations()
  return known
}

function readMigrations(): Migration[] {
  const folder = migrationsPath()
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }) => parse(tag, readFileSync(join(folder, `${tag}.sql`), 'utf8')))
}

function parse(name: string, text: string): Migration {
  const level = /^-- needs level (\d+)\s*$/m.exec(text)?.[1]
  if (level === undefined) throw new Error(`Migration ${name} does not say which level it needs`)
  return { name, statements: text.split('--> statement-breakpoint'), neededLevel: Number(level) }
}
