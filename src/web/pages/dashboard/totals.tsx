import { Fragment } from 'preact'
import { dashboardTexts } from '../../texts/dashboard.ts'
import type { UsagePeriod, UsageSummary } from '../../usage-api.ts'
import { amountOf, changeInWords, formatAmount, type Metric, metrics } from './figures.ts'

/** What was used in the usual times: one figure large, the others below. */
export function Totals({ summary, metric }: { summary: UsageSummary; metric: Metric }) {
  const t = dashboardTexts.value.periods
  const { currency, today, last_7_days, last_30_days, total } = summary
  const shown = { metric, currency }
  return (
    <ul class="totals">
      <Total title={t.today} period={today} {...shown} />
      <Total title={t.week} period={last_7_days} {...shown} />
      <Total title={t.month} period={last_30_days} {...shown} />
      <Total title={t.total} period={total} {...shown} />
    </ul>
  )
}

interface TotalProps {
  title: string
  period: UsagePeriod
  metric: Metric
  currency: string
}

function Total({ title, period, metric, currency }: TotalProps) {
  const t = dashboardTexts.value
  const now = amountOf(metric, period)
  return (
    <li>
      <span class="hint">{title}</span>
      <span class="figure">{formatAmount(metric, now, currency)}</span>
      {period.change !== null && <small class="hint">{changeInWords(now, period.change[metric])}</small>}
      <dl>
        {metrics
          .filter((one) => one !== metric)
          .map((one) => (
            <Fragment key={one}>
              <dt>{t.metrics[one]}</dt>
              <dd>{formatAmount(one, amountOf(one, period), currency)}</dd>
            </Fragment>
          ))}
      </dl>
    </li>
  )
}
