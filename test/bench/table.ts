import { type Figure, isMet, ratioOf } from './figure.ts'

const heads = ['figure', 'measured', 'reference', 'ratio', 'goal', 'met']

/** The figures as one table of plain text. */
export function tableOf(figures: Figure[]): string {
  const rows = [heads, ...figures.map(cellsOf)]
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [lines[0], rule, ...lines.slice(1)].map((line) => line?.trimEnd()).join('\n')
}

function cellsOf(figure: Figure): string[] {
  const { what, measured, unit, reference } = figure
  const ratio = ratioOf(figure)
  return [
    what,
    withUnit(measured, unit),
    reference ? `${withUnit(reference.measured, unit)} (${reference.what})` : '',
    ratio === null ? '' : numberOf(ratio),
    goalOf(figure),
    { true: 'yes', false: 'NO', null: '' }[`${isMet(figure)}`],
  ]
}

function goalOf({ goal, unit }: Figure): string {
  if (!goal) return ''
  const sign = goal.is === 'at most' ? '≤' : '≥'
  return goal.of === 'ratio' ? `${sign} ${goal.limit} of it` : `${sign} ${withUnit(goal.limit, unit)}`
}

function withUnit(value: number, unit: Figure['unit']): string {
  return unit.startsWith('/') || unit === '×' ? `${numberOf(value)}${unit}` : `${numberOf(value)} ${unit}`
}

/** Three figures are more than the machine's noise allows. */
function numberOf(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 0.1 ? 2 : 3)
}
