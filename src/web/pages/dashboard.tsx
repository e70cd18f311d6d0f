import { useSignal } from '@preact/signals'
import { NotRead } from '../parts/not-read.tsx'
import { QuotaBars } from '../parts/quota-bars.tsx'
import { quotaChanges } from '../quota-changes.ts'
import { dashboardTexts } from '../texts/dashboard.ts'
import { shellTexts } from '../texts/shell.ts'
import { Select } from '../ui/field.tsx'
import { fetchQuota, fetchUsageParts, fetchUsageSummary, type UsageSummary } from '../usage-api.ts'
import { useReading } from '../use-reading.ts'
import { Charts } from './dashboard/charts.tsx'
import type { Metric } from './dashboard/figures.ts'
import { MetricChoice } from './dashboard/metric-choice.tsx'
import { Records } from './dashboard/records.tsx'
import { Totals } from './dashboard/totals.tsx'
import { Page } from './page.tsx'

const ranges = ['7', '30', '90'] as const
type Range = (typeof ranges)[number]

/** What a person has used, and what is left. */
export function Dashboard() {
  const reading = useReading(fetchUsageSummary)
  const summary = reading.value.value
  return (
    <Page title={shellTexts.value.dashboard}>
      {summary === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <Figures summary={summary} />
      )}
    </Page>
  )
}

function Figures({ summary }: { summary: UsageSummary }) {
  const t = dashboardTexts.value
  const { currency, timezone } = summary
  const metric = useSignal<Metric>('tokens')
  const range = useSignal<Range>('30')
  const reading = useReading(async () => fetchUsageParts(firstDay(range.value, timezone)), range.value)
  const parts = reading.value.value
  return (
    <div class="dashboard">
      <div class="dashboard-wishes">
        <MetricChoice
          current={metric.value}
          onChange={(next) => {
            metric.value = next
          }}
        />
        <p class="hint">{t.callsHint}</p>
      </div>
      <Totals summary={summary} metric={metric.value} />
      <Left />
      <div class="dashboard-range">
        <Select
          label={t.range}
          value={range.value}
          options={ranges.map((value) => ({ value, label: t.ranges[value] }))}
          onChange={(next) => {
            range.value = next
          }}
        />
      </div>
      {parts === null || reading.fault !== null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <Charts parts={parts} metric={metric.value} currency={currency} />
          <Records currency={currency} models={parts.models.map(({ model }) => model)} />
        </>
      )}
    </div>
  )
}

function Left() {
  const reading = useReading(fetchQuota, String(quotaChanges.value))
  const quota = reading.value.value
  return (
    <section class="chart">
      <h2>{dashboardTexts.value.left}</h2>
      {quota === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <QuotaBars windows={quota.windows} />
      )}
    </section>
  )
}

/** By the service's clock; null: its own idea of thirty days. */
function firstDay(range: Range, timeZone: string): string | null {
  if (range === '30') return null
  const at = Date.now() - (Number(range) - 1) * 86_400_000
  // Sweden writes days as the service does.
  return new Date(at).toLocaleDateString('sv-SE', { timeZone })
}
