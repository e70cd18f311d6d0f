import type { Kind, Parsed } from './kinds.ts'

interface Described {
  /** For the help: what it does. One or two sentences. */
  meaning: string
  /** Other names that earlier systems gave it. */
  aliases?: readonly string[]
  /** Its value is never shown, and may be read from the file that `NAME_FILE` names. */
  secret?: boolean
  /** `NAME_FILE` works for it too. */
  fromFile?: boolean
  /** For the help, where the default is not a text of its own. */
  shownDefault?: string
}

interface Spec<T> extends Described {
  kind: Kind<T>
  default?: string
}

/** One row of the table of settings. `T` holds null when it has no default. */
export interface Setting<T> extends Described {
  label: string
  default: string | null
  parse(text: string): Parsed<T>
}

export type Table = Record<string, Setting<unknown>>

/** What a table's settings are once they are read. */
export type Values<T extends Table> = { [Name in keyof T]: T[Name] extends Setting<infer V> ? V : never }

/** A setting. Its default is text as an operator would write it; without one its value is null. */
export function setting<T>(spec: Spec<T> & { default: string }): Setting<T>
export function setting<T>(spec: Spec<T>): Setting<T | null>
export function setting<T>({ kind, ...spec }: Spec<T>): Setting<T | null> {
  return { ...spec, default: spec.default ?? null, label: kind.label, parse: kind.parse }
}

/** Does `NAME_FILE` work for it? */
export function isFromFile({ secret, fromFile }: Described): boolean {
  return secret === true || fromFile === true
}

/** The setting's name and its aliases. */
export function namesOf(name: string, { aliases = [] }: Described): string[] {
  return [name, ...aliases]
}
