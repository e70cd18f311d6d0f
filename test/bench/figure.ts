/** One row of the table: what was measured, beside a reference of the same run. */
export interface Figure {
  what: string
  measured: number
  unit: 'MB' | 'KB' | 'ms' | 's' | '/s' | 'k/s' | '×'
  reference?: { what: string; measured: number }
  /** Of the value itself or of its ratio to the reference. Without one the row only informs. */
  goal?: { is: 'at most' | 'at least'; limit: number; of: 'value' | 'ratio' }
}

export interface BenchOptions {
  /** How often something that takes patience is tried. */
  tries: number | null
}

export type Bench = (options: BenchOptions) => Promise<Figure[]>

export function ratioOf({ measured, reference }: Figure): number | null {
  return reference ? measured / reference.measured : null
}

/** null: there is nothing to meet. */
export function isMet(figure: Figure): boolean | null {
  if (!figure.goal) return null
  const { is, limit, of } = figure.goal
  const value = of === 'ratio' ? ratioOf(figure) : figure.measured
  if (value === null) throw new Error(`${figure.what}: a goal for a ratio needs a reference`)
  return is === 'at most' ? value <= limit : value >= limit
}

export function median(values: number[]): number {
  return quantile(values, 0.5)
}

/** For times: what else the machine does can only make them longer, and has the upper half. */
export function lowerQuartile(values: number[]): number {
  return quantile(values, 0.25)
}

export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const low = sorted[Math.floor(position)]
  const high = sorted[Math.ceil(position)]
  if (low === undefined || high === undefined) throw new Error('a quantile of nothing')
  return low + (high - low) * (position % 1)
}
