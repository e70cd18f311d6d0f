/** All limits that there can be on what is used, in the order of a form. */
export const limitParts = [
  ['requests', 'day'],
  ['requests', 'month'],
  ['tokens', 'day'],
  ['tokens', 'month'],
  ['cost', 'day'],
  ['cost', 'month'],
] as const

type Unit = (typeof limitParts)[number][0]
type Period = (typeof limitParts)[number][1]
export type LimitName = `${Unit}_${Period}`

const micros = 1_000_000

/** As it stands in a form: money in the currency, empty where there is none. */
export function textOfLimit(name: LimitName, limit: number | null | undefined): string {
  if (limit === null || limit === undefined) return ''
  return String(isMoney(name) ? limit / micros : limit)
}

/** null: none. */
export function limitOfText(name: LimitName, text: string): number | null {
  if (text === '') return null
  return isMoney(name) ? Math.round(Number(text) * micros) : Number(text)
}

export function isLimit(name: LimitName, text: string): boolean {
  const limit = limitOfText(name, text)
  return limit === null || (Number.isSafeInteger(limit) && limit >= 0)
}

export function isMoney(name: LimitName): boolean {
  return name.startsWith('cost')
}

/** The same for each limit. */
export function ofEachLimit<Value>(make: (name: LimitName) => Value): Record<LimitName, Value> {
  return {
    requests_day: make('requests_day'),
    requests_month: make('requests_month'),
    tokens_day: make('tokens_day'),
    tokens_month: make('tokens_month'),
    cost_day: make('cost_day'),
    cost_month: make('cost_month'),
  }
}
