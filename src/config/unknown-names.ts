import { isForPages } from './provider-settings.ts'
import type { Environment } from './read-settings.ts'
import type { Report } from './report.ts'
import { isFromFile, namesOf, type Table } from './setting.ts'
import { withoutMeaning } from './without-meaning.ts'

/** Names that begin so are meant for us; of the rest of an environment we know nothing. */
const ourPrefix =
  /^(ADMIN|APP_SESSION|AUTH_COOKIE|COOKIE|DASHSCOPE|DATABASE|DEEPSEEK|GUIDE|LIMIT|LLM|MAIL|PWRESET|QWEN|REDIS|SENTRY|SMTP)_/

/** Shorter names resemble too much of what an environment holds besides. */
const shortestGuess = 6

/** Warns about variables that were meant for us and do nothing: without meaning here, or misspelled. */
export function warnAboutNames(table: Table, env: Environment, report: Report): void {
  const known = new Set<string>()
  for (const [name, setting] of Object.entries(table)) {
    for (const variable of namesOf(name, setting)) {
      known.add(variable)
      if (isFromFile(setting)) known.add(`${variable}_FILE`)
    }
  }
  for (const name of Object.keys(env).sort()) {
    if (known.has(name) || !env[name]?.trim()) continue
    const warning = warningAbout(name, known)
    if (warning !== null) report.warn(`${name} ${warning}`)
  }
}

function warningAbout(name: string, known: Set<string>): string | null {
  const reason = Object.hasOwn(withoutMeaning, name) ? withoutMeaning[name] : undefined
  if (reason) return `has no meaning here: ${reason}`
  const fileOf = /^(.+)_FILE$/.exec(name)?.[1]
  if (fileOf && known.has(fileOf)) return `has no effect: only secrets are read from files; use ${fileOf}`
  const meant = [...known].find((ours) => resembles(name, ours))
  if (meant) return `is not known: ${meant} was meant?`
  const page = /^(.+)_BASE_URL$/.exec(name)?.[1]
  if (page && isForPages(page)) {
    return 'has no effect: taken for the address of a page or API, not of a model provider; see FRONTEND_BASE_URL'
  }
  return ourPrefix.test(name) ? 'is not known; see `cloudchat help config`' : null
}

/** One letter too many, too few, wrong or swapped with its neighbour; or a beginning. */
function resembles(name: string, ours: string): boolean {
  if (ours.length < shortestGuess || name.length < shortestGuess) return false
  if (name.includes('_') && ours.startsWith(name)) return true
  if (Math.abs(name.length - ours.length) > 1) return false
  let start = 0
  while (start < name.length && name[start] === ours[start]) start++
  const [rest, oursRest] = [name.slice(start), ours.slice(start)]
  return (
    rest.slice(1) === oursRest.slice(1) ||
    rest.slice(1) === oursRest ||
    rest === oursRest.slice(1) ||
    (rest.slice(2) === oursRest.slice(2) && rest[0] === oursRest[1] && rest[1] === oursRest[0])
  )
}
