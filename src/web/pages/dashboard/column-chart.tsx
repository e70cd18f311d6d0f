import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { dashboardTexts } from '../../texts/dashboard.ts'

export interface ChartColumn {
  key: string
  /** Below it and in the table. */
  name: string
  value: number
}

/**
 * Columns beside one another, of which a pointer shows the values; whoever sees none has a summary and the table.
 * `format`: a value in words.
 */
export function ColumnChart(props: {
  title: string
  /** What the columns stand for. */
  nameHead: string
  valueHead: string
  columns: readonly ChartColumn[]
  format: (value: number) => string
}) {
  const { title, columns, format } = props
  const t = dashboardTexts.value
  const id = useId()
  const pointed = useSignal<number | null>(null)
  const highest = columns.reduce((most, column) => (column.value > most.value ? column : most), nothing)
  const top = niceTop(highest.value)
  const shown = pointed.value === null ? undefined : columns[pointed.value]

  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const at = Math.floor(((event.clientX - left) / width) * columns.length)
    pointed.value = Math.max(0, Math.min(columns.length - 1, at))
  }

  return (
    <section class="chart" aria-labelledby={id}>
      <header class="chart-head">
        <h2 id={id}>{title}</h2>
        <span class="hint number" aria-hidden="true">
          {shown && `${shown.name}: ${format(shown.value)}`}
        </span>
      </header>
      <div
        role="img"
        aria-label={highest.value === 0 ? t.nothingYet : t.mostAt(highest.name, format(highest.value))}
      >
        <div class="chart-plot">
          <div class="chart-scale" aria-hidden="true">
            {[top, top / 2, 0].map((value) => (
              <span key={value}>{format(value)}</span>
            ))}
          </div>
          <div
            class="chart-columns"
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={({ pointerType }) => {
              // A finger hides what it points at: what it has pointed at stays when it is lifted.
              if (pointerType !== 'touch') pointed.value = null
            }}
          >
            {columns.map(({ key, value }, at) => (
              <div key={key} class={at === pointed.value ? 'chart-column pointed' : 'chart-column'}>
                <div style={{ height: `${(value / top) * 100}%` }} />
              </div>
            ))}
          </div>
          <div class="chart-names" aria-hidden="true">
            {namesBelow(columns).map(({ key, name }) => (
              <span key={key}>{name}</span>
            ))}
          </div>
        </div>
      </div>
      <details class="filters">
        <summary>{t.asTable}</summary>
        <div class="chart-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{props.nameHead}</th>
                <th scope="col" class="number">
                  {props.valueHead}
                </th>
              </tr>
            </thead>
            <tbody>
              {columns.map(({ key, name, value }) => (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td class="number">{format(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}

const nothing: ChartColumn = { key: '', name: '', value: 0 }

/** The first, one in the middle and the last: more would not fit on a phone. */
function namesBelow(columns: readonly ChartColumn[]): ChartColumn[] {
  const places = new Set([0, Math.floor((columns.length - 1) / 2), columns.length - 1])
  return [...places].flatMap((at) => columns[at] ?? [])
}

/** The next 1, 2, 4 or 6 with noughts: what is half of it is as easy to read. */
function niceTop(highest: number): number {
  if (highest <= 0) return 2
  const size = 10 ** Math.floor(Math.log10(highest))
  return Math.max(2, (niceSteps.find((step) => step * size >= highest) ?? 10) * size)
}

const niceSteps = [1, 2, 4, 6, 8, 10]
