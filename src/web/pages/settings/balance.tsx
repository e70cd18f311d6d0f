import type { Refusal } from '../../api.ts'
import { formatMicros } from '../../format.ts'
import { BalanceEntries } from '../../parts/balance-entries.tsx'
import { NotRead } from '../../parts/not-read.tsx'
import { quotaChanges } from '../../quota-changes.ts'
import { usageTexts } from '../../texts/usage.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { fetchBalance, fetchBalanceEntries, redeemCode } from '../../usage-api.ts'
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
          <p class="balance">{formatMicros(balance.micros, balance.currency)}</p>
          <RedeemForm />
          <BalanceEntries currency={balance.currency} wish={wish} fetchPage={fetchBalanceEntries} />
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
      say(t.redeemed(formatMicros(added_micros, currency)))
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
        text={code}
      />
      <Button type="submit" busy={sending.isSending}>
        {t.redeem}
      </Button>
    </form>
  )
}

function wordsFor({ code }: Refusal) {
  const t = usageTexts.value
  if (code === 'conflict') return { field: 'code', text: t.codeUsed }
  return ['not_found', 'invalid_request'].includes(code) ? { field: 'code', text: t.codeUnknown } : null
}
