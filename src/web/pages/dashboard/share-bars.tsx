import { useId } from 'preact/hooks'
import { formatShare } from '../../format.ts'

export interface ShareRow {
  key: string
  name: string
  /** In small, below. */
  note: string
  value: number
}

/** How something is made up: the parts in words, with a bar each. */
export function ShareBars(props: {
  title: string
  rows: readonly ShareRow[]
  format: (value: number) => string
  empty: string
}) {
  const id = useId()
  const rows = [...props.rows].sort((a, b) => b.value - a.value)
  const total = rows.reduce((sum, { value }) => sum + value, 0)
  return (
    <section class="chart" aria-labelledby={id}>
      <header class="chart-head">
        <h2 id={id}>{props.title}</h2>
      </header>
      {rows.length === 0 ? (
        <p class="hint">{props.empty}</p>
      ) : (
        <ul class="shares-of">
          {rows.map(({ key, name, note, value }) => (
            <li key={key}>
              <div class="quota-words">
                <span>{name}</span>
                <span class="number">
                  {props.format(value)}
                  {total > 0 && ` · ${formatShare(value / total)}`}
                </span>
              </div>
              <div class="progress" aria-hidden="true">
                <div style={{ width: `${total === 0 ? 0 : (value / total) * 100}%` }} />
              </div>
              <small class="hint">{note}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
