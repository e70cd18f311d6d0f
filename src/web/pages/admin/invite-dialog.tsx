import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'
import { Field } from '../../ui/field.tsx'
import { unfitField } from '../../unfit-field.ts'
import { useSending } from '../settings/use-sending.ts'
import { createInvite } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'

export function InviteDialog(props: { onClose: () => void; onMade: (code: string) => void }) {
  const t = adminTexts.value
  const note = useSignal('')
  const uses = useSignal('1')
  const lastDay = useSignal('')
  const sending = useSending(`${note.value}\n${uses.value} ${lastDay.value}`, wordsFor)
  return (
    <FormDialog
      title={t.newInviteTitle}
      action={t.newInvite}
      isReady={Number.isInteger(Number(uses.value)) && Number(uses.value) >= 1}
      sending={sending}
      onClose={props.onClose}
      act={async () => {
        const { code } = await createInvite({
          note: note.value.trim() || null,
          max_uses: Number(uses.value),
          expires_at: lastDay.value === '' ? null : new Date(`${lastDay.value}T23:59:59`).toISOString(),
        })
        props.onMade(code)
      }}
    >
      <Field
        label={t.note}
        hint={t.noteHint}
        fault={sending.faultOf('note')}
        maxLength={500}
        autofocus
        text={note}
      />
      <Field
        label={t.mostUses}
        fault={sending.faultOf('max_uses')}
        type="number"
        min={1}
        max={100_000}
        step={1}
        text={uses}
      />
      <Field
        label={t.lastDay}
        hint={keyTexts.value.expiresHint}
        fault={sending.faultOf('expires_at')}
        type="date"
        text={lastDay}
      />
    </FormDialog>
  )
}

function wordsFor(refusal: Refusal) {
  const t = adminTexts.value
  return unfitField(refusal, { note: t.textUnfit, max_uses: t.numberUnfit, expires_at: t.dayUnfit })
}
