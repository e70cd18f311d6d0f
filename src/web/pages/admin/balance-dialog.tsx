import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { formatMicros } from '../../format.ts'
import { BalanceEntries } from '../../parts/balance-entries.tsx'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { askFirst } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { useSending } from '../settings/use-sending.ts'
import { changeBalanceOf, fetchBalanceOf, fetchEntriesOf } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { Person } from './lists-api.ts'
import { loginOf, nameOf } from './person.ts'

/** Money that somebody has paid in, and the way to give him more or to take some. */
export function BalanceDialog(props: {
  person: Person
  onClose: () => void
  onChanged: (text: string) => void
}) {
  const { person, onClose, onChanged } = props
  const t = adminTexts.value.limits
  const reading = useReading(() => fetchBalanceOf(person.id))
  const added = useSignal('')
  const note = useSignal('')
  const sending = useSending(`${added.value} ${note.value}`, wordsFor)
  const balance = reading.value.value
  const micros = Math.round(Number(added.value) * 1_000_000)
  const isReady = balance !== null && Number.isSafeInteger(micros) && micros !== 0

  return (
    <FormDialog
      title={t.balanceTitle(nameOf(person))}
      action={t.changeBalance}
      isReady={isReady}
      sending={sending}
      onClose={onClose}
      act={async () => {
        if (balance === null || !(await isMeant(person, { micros, balance }))) return
        const after = await changeBalanceOf(person.id, { micros, note: note.value.trim() || null })
        onChanged(t.balanceChanged(loginOf(person), formatMicros(after.micros, after.currency)))
      }}
    >
      {balance === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <div>
            <p class="balance">{formatMicros(balance.micros, balance.currency)}</p>
            <p class="hint">{t.balanceHint}</p>
          </div>
          <Field
            label={t.added(balance.currency)}
            hint={
              isReady ? t.afterwards(formatMicros(balance.micros + micros, balance.currency)) : t.addedHint
            }
            fault={sending.faultOf('micros')}
            type="number"
            step="any"
            autofocus
            text={added}
          />
          <Field label={t.note} hint={t.noteHint} maxLength={500} autocomplete="off" text={note} />
          <BalanceEntries
            currency={balance.currency}
            fetchPage={(cursor) => fetchEntriesOf(person.id, cursor)}
          />
        </>
      )}
    </FormDialog>
  )
}

interface Balance {
  micros: number
  currency: string
}

/** Nobody takes money by a slip of the hand. */
async function isMeant(
  person: Person,
  { micros, balance }: { micros: number; balance: Balance },
): Promise<boolean> {
  if (micros > 0) return true
  const t = adminTexts.value.limits
  const { currency } = balance
  return askFirst({
    title: t.takeTitle(formatMicros(-micros, currency), nameOf(person)),
    text: t.afterwards(formatMicros(balance.micros + micros, currency)),
    action: t.changeBalance,
    isDangerous: true,
  })
}

function wordsFor({ fields }: Refusal) {
  const { addedUnfit: text } = adminTexts.value.limits
  return fields.includes('micros') ? { field: 'micros', text } : null
}
