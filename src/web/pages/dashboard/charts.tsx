import { formatNumber, formatShortDay } from '../../format.ts'
import { modelName } from '../../models.ts'
import { dashboardTexts } from '../../texts/dashboard.ts'
import type { UsageDay, UsageHour, UsageModel } from '../../usage-api.ts'
import { ColumnChart } from './column-chart.tsx'
import { amountOf, formatAmount, type Metric } from './figures.ts'
import { ShareBars } from './share-bars.tsx'

interface Props {
  parts: { days: UsageDay[]; hours: UsageHour[]; models: UsageModel[] }
  metric: Metric
  currency: string
}

/** How what was used is spread over days, models and the hours of the day. */
export function Charts({ parts, metric, currency }: Props) {
  const t = dashboardTexts.value
  const name = t.metrics[metric]
  const format = (value: number) => formatAmount(metric, value, currency)
  return (
    <div class="charts">
      <ColumnChart
        title={t.byDay(name)}
        nameHead={t.day}
        valueHead={name}
        columns={parts.days.map((day) => ({
          key: day.day,
          name: formatShortDay(day.day),
          value: amountOf(metric, day),
        }))}
        format={format}
      />
      <ShareBars
        title={t.byModel(name)}
        rows={parts.models.map((model) => ({
          key: model.model,
          name: modelName(model.model),
          note: noteOf(model),
          value: amountOf(metric, model),
        }))}
        format={format}
        empty={t.nothingYet}
      />
      <ColumnChart
        title={t.byHour(name)}
        nameHead={t.hour}
        valueHead={name}
        columns={parts.hours.map((hour) => ({
          key: String(hour.hour),
          name: `${hour.hour}:00`,
          value: amountOf(metric, hour),
        }))}
        format={format}
      />
    </div>
  )
}

function noteOf({ calls, unpriced, prompt_tokens, completion_tokens }: UsageModel): string {
  const t = dashboardTexts.value
  const notes = [
    t.callCount(formatNumber(calls)),
    t.inAndOut(formatNumber(prompt_tokens), formatNumber(completion_tokens)),
  ]
  return (unpriced > 0 ? [...notes, t.unpriced(formatNumber(unpriced))] : notes).join(' · ')
}
