interface Family {
  type: string
  help: string
}

export interface Scrape {
  families: Map<string, Family>
  /** By `name{label="value"}` as it stands in the text. */
  samples: Map<string, number>
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const sample = new RegExp(
  `^(${name})(\\{${label}(?:,${label})*\\})? (NaN|Nan|[+-]?Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`,
)

/** The text format of Prometheus, strictly. Throws at the first line that is not right. */
export function parsePrometheus(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, Family>()
  const samples = new Map<string, number>()
  let help: string | null = null
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, family = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') help = rest
    else if (kind === 'TYPE') {
      if (families.has(family) || help === null) throw new Error(`twice, or without help: ${line}`)
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`unknown type: ${line}`)
      families.set(family, { type: rest, help })
      help = null
    } else {
      const [, sampleName = '', labels = '', value] = sample.exec(line) ?? []
      if (value === undefined) throw new Error(`no sample: ${line}`)
      if (!belongs(sampleName, [...families].at(-1))) throw new Error(`out of place: ${line}`)
      if (samples.has(sampleName + labels)) throw new Error(`twice: ${line}`)
      samples.set(sampleName + labels, Number(value))
    }
  }
  checkHistograms(families, samples)
  return { families, samples }
}

function belongs(sampleName: string, latest: [string, Family] | undefined): boolean {
  if (latest === undefined) return false
  const [family, { type }] = latest
  if (type !== 'histogram') return sampleName === family
  return ['_bucket', '_sum', '_count'].some((ending) => sampleName === family + ending)
}

/** Buckets grow, end with +Inf, and that is the count. */
function checkHistograms(families: Map<string, Family>, samples: Map<string, number>): void {
  for (const [family] of [...families].filter(([, { type }]) => type === 'histogram')) {
    const series = new Map<string, [le: number, count: number][]>()
    for (const [key, value] of samples) {
      const [, labels = ''] = new RegExp(`^${family}_bucket\\{(.*)\\}$`).exec(key) ?? []
      const [whole = '', le = ''] = /,?le="([^"]*)"/.exec(labels) ?? []
      if (whole === '') continue
      const others = labels.replace(whole, '').replace(/^,/, '')
      series.set(others, [...(series.get(others) ?? []), [Number(le.replace('+Inf', 'Infinity')), value]])
    }
    for (const [others, buckets] of series) {
      const isGrowing = buckets.every(([le, count], index) => {
        const [before, countBefore] = buckets[index - 1] ?? [Number.NEGATIVE_INFINITY, 0]
        return le > before && count >= countBefore
      })
      const [last, count] = buckets.at(-1) ?? []
      const total = samples.get(`${family}_count${others === '' ? '' : `{${others}}`}`)
      if (!isGrowing || last !== Number.POSITIVE_INFINITY || count !== total) {
        throw new Error(`no histogram: ${family}{${others}}`)
      }
    }
  }
}
