const defaultLocale = 'zh'

/** Chinese or English, whichever stands higher in an Accept-Language header; Chinese where it names neither. */
export function preferredLocale(header: string | null): 'zh' | 'en' {
  let best: 'zh' | 'en' = defaultLocale
  let bestWeight = 0
  for (const element of header?.split(',') ?? []) {
    const [tag = '', ...parameters] = element.trim().toLowerCase().split(';')
    const language = tag.split('-', 1)[0]?.trim()
    if (language !== 'zh' && language !== 'en') continue
    const weight = weightOf(parameters)
    if (weight > bestWeight) [best, bestWeight] = [language, weight]
  }
  return best
}

function weightOf(parameters: string[]): number {
  const weight = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
  const number = Number(weight ?? 1)
  return Number.isNaN(number) ? 0 : number
}
