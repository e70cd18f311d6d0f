import { NotRead } from '../../parts/not-read.tsx'
import { QuotaBars } from '../../parts/quota-bars.tsx'
import { quotaChanges } from '../../quota-changes.ts'
import { usageTexts } from '../../texts/usage.ts'
import { fetchQuota } from '../../usage-api.ts'
import { useReading } from '../../use-reading.ts'
import { Balance } from './balance.tsx'
import { Section } from './section.tsx'

/** What somebody may use, and has paid in. */
export function Plan() {
  return (
    <div class="settings-column">
      <Quota />
      <Balance />
    </div>
  )
}

function Quota() {
  const t = usageTexts.value
  const reading = useReading(fetchQuota, String(quotaChanges.value))
  const quota = reading.value.value
  return (
    <Section title={t.plan} hint={t.planHint}>
      {quota === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <p class="plan-name">{t.planName(quota.plan)}</p>
          <QuotaBars windows={quota.windows} />
        </>
      )}
    </Section>
  )
}
