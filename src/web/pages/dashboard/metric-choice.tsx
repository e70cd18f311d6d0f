import { dashboardTexts } from '../../texts/dashboard.ts'
import { type Metric, metrics } from './figures.ts'

/** What all the charts show. */
export function MetricChoice({ current, onChange }: { current: Metric; onChange: (metric: Metric) => void }) {
  const t = dashboardTexts.value
  return (
    <fieldset class="metrics">
      <legend class="visually-hidden">{t.metric}</legend>
      {metrics.map((metric) => (
        <button
          key={metric}
          type="button"
          class="chip"
          aria-pressed={metric === current}
          onClick={() => onChange(metric)}
        >
          {t.metrics[metric]}
        </button>
      ))}
    </fieldset>
  )
}
