import { readFileSync } from 'node:fs'
import type { Report } from './report.ts'
import { isFromFile, namesOf, type Setting, type Table, type Values } from './setting.ts'

export type Environment = Record<string, string | undefined>

export interface Reading<T extends Table> {
  /** A refused setting has its default's value here, so that everything else can still be checked. */
  values: Values<T>
  /** The variable that gave a setting its value (`SMTP_PASSWORD_FILE`), or its own name when nobody did. */
  variableOf(setting: keyof T & string): string
  isGiven(setting: keyof T & string): boolean
}

/** Reads every setting of the table and reports each that cannot be understood. */
export function readSettings<T extends Table>(table: T, env: Environment, report: Report): Reading<T> {
  const values: Record<string, unknown> = {}
  const variables = new Map<string, string>()
  for (const [name, setting] of Object.entries(table)) {
    const given = findGiven(name, setting, env, report)
    if (given !== null) variables.set(name, given.variable)
    values[name] = settle(name, setting, given, report)
  }
  return {
    values: values as Values<T>,
    variableOf: (setting) => variables.get(setting) ?? setting,
    isGiven: (setting) => variables.has(setting),
  }
}

interface Given {
  variable: string
  text: string
}

/** What the environment says, under whatever name; null: nothing, or a contradiction (reported). */
function findGiven(name: string, setting: Setting<unknown>, env: Environment, report: Report): Given | null {
  const found: Given[] = []
  for (const variable of namesOf(name, setting)) {
    const text = textOf(variable, setting, env)
    const file = isFromFile(setting) ? textOf(`${variable}_FILE`, {}, env) : null
    if (text !== null && file !== null) {
      report.refuse(name, `set either ${variable} or ${variable}_FILE, not both`, variable)
    } else if (text !== null) {
      if (isWellFormed(name, variable, text, report)) found.push({ variable, text })
    } else if (file !== null) {
      const content = contentOf(name, `${variable}_FILE`, file, report)
      if (content !== null) found.push({ variable: `${variable}_FILE`, text: content })
    }
  }
  const [first, ...others] = found
  const other = others.find(({ text }) => text !== first?.text)
  if (first && other) {
    report.refuse(
      name,
      `${first.variable} and ${other.variable} mean the same and are set differently; keep one`,
      first.variable,
    )
    return null
  }
  return report.isRefused(name) ? null : (first ?? null)
}

/** Empty is unset. Blanks around a secret may belong to it, a line's end does not. */
function textOf(variable: string, { secret }: { secret?: boolean }, env: Environment): string | null {
  const raw = env[variable] ?? ''
  if (raw.trim() === '') return null
  return secret ? raw.replace(/[\r\n]+$/, '') : raw.trim()
}

/** Catches what service managers hand over as part of the value: a comment behind it, the quotes around it. */
function isWellFormed(name: string, variable: string, text: string, report: Report): boolean {
  if (/\s#/.test(text)) {
    report.refuse(
      name,
      'the value holds " #": a comment on its line became part of it; give it a line of its own',
      variable,
    )
    return false
  }
  if (text.length > 1 && /^(["']).*\1$/s.test(text)) {
    report.refuse(name, 'the quotes around the value became part of it; leave them out', variable)
    return false
  }
  return true
}

/** No path in the fault: people put the secret itself there. */
function contentOf(name: string, variable: string, file: string, report: Report): string | null {
  try {
    const content = readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/(\r?\n)+$/, '')
    if (content.trim() !== '') return content
    report.refuse(name, 'the file is empty', variable)
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException
    report.refuse(name, `expected a file that can be read (${code})`, variable)
  }
  return null
}

function settle(name: string, setting: Setting<unknown>, given: Given | null, report: Report): unknown {
  if (given !== null) {
    const parsed = setting.parse(given.text)
    if (parsed.ok) return parsed.value
    const shown = setting.secret ? '' : `, not ${quote(given.text)}`
    report.refuse(name, `expected ${parsed.expected}${shown}`, given.variable)
  }
  if (setting.default === null) return null
  const parsed = setting.parse(setting.default)
  if (!parsed.ok) throw new Error(`the default of ${name} is not one`)
  return parsed.value
}

/** For a fault: short, on one line, and without what may be a password or a key in an address. */
function quote(text: string): string {
  const bare = text.replace(/:.*@/s, ':***@').replace(/\?.*$/s, '?***')
  return JSON.stringify(bare.length > 60 ? `${bare.slice(0, 60)}…` : bare)
}
