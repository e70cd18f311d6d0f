import type { Refusal } from '../../api.ts'
import { formatMoment, formatSum } from '../../format.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { quotaChanges } from '../../quota-changes.ts'
import { usageTexts } from '../../texts/usage.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Table } from '../../ui/table.tsx'
import { say } from '../../ui/toast.tsx'
import { type BalanceEntry, fetchBalance, fetchBalanceEntries, redeemCode } from '../../usage-api.ts'
import { useReading } from '../../use-reading.ts'
import { forgetKept, keptSignal } from './kept.ts'
import { Section } from './section.tsx'
import { useSending } from './use-sending.ts'

/** Money that was paid in, and the way to pay in more. */
export function Balance() {
  const t = usageTexts.value
  const wish = String(quotaChanges.value)
  const reading = useReading(fetchBalance, wish)
  const balance = reading.value.value
  return (
    <Section title={t.balance} hint={t.balanceHint}>
      {balance === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <p class="balance">{sumOf(balance.micros, balance.currency)}</p>
          <RedeemForm />
          <h3>{t.entries}</h3>
          <Table<BalanceEntry>
            label={t.entries}
            wish={wish}
            columns={columnsOf(balance.currency)}
            keyOf={({ id }) => id}
            fetchPage={({ cursor }) => fetchBalanceEntries(cursor)}
            empty={t.noEntries}
          />
        </>
      )}
    </Section>
  )
}

function RedeemForm() {
  const t = usageTexts.value
  const code = keptSignal('top-up-code', '')
  const sending = useSending(code.value, wordsFor)

  const redeem = async (event: SubmitEvent) => {
    event.preventDefault()
    await sending.send(async () => {
      const { added_micros, currency } = await redeemCode(code.value.trim())
      forgetKept('top-up-code')
      quotaChanges.value++
      say(t.redeemed(sumOf(added_micros, currency)))
    })
  }

  return (
    <form class="inline-form redeem" onSubmit={(event) => void redeem(event)}>
      <Field
        label={t.code}
        autocomplete="off"
        required
        maxLength={100}
        fault={sending.faultOf('code') ?? sending.fault}
        value={code.value}
        onInput={(event) => {
          code.value = event.currentTarget.value
        }}
      />
      <Button type="submit" busy={sending.isSending}>
        {t.redeem}
      </Button>
    </form>
  )
}

function columnsOf(currency: string) {
  const t = usageTexts.value
  return [
    { key: 'time', head: t.time, cell: (entry: BalanceEntry) => formatMoment(entry.created_at) },
    { key: 'reason', head: t.reason, cell: (entry: BalanceEntry) => t.reasons[entry.reason] },
    {
      key: 'sum',
      head: t.sum,
      isNumber: true,
      cell: (entry: BalanceEntry) => sumOf(entry.micros, currency),
    },
  ]
}

function sumOf(micros: number, currency: string): string {
  return formatSum(micros / 1_000_000, currency)
}

function wordsFor({ code }: Refusal) {
  const t = usageTexts.value
  if (code === 'conflict') return { field: 'code', text: t.codeUsed }
  return ['not_found', 'invalid_request'].includes(code) ? { field: 'code', text: t.codeUnknown } : null
}
