import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { currencyOf } from '../../currency.ts'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'
import { Field } from '../../ui/field.tsx'
import { useSending } from '../settings/use-sending.ts'
import { createCodes } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'

const names = ['worth', 'count', 'uses', 'lastDay', 'note'] as const

export function CodesDialog(props: { onClose: () => void; onMade: (codes: string[]) => void }) {
  const t = adminTexts.value
  const draft = useSignal({ worth: '', count: '1', uses: '1', lastDay: '', note: '' })
  const { worth, count, uses, lastDay, note } = draft.value
  const sending = useSending(draft.value, wordsFor)
  const labels = {
    worth: t.worthIn(currencyOf()),
    count: t.codeCount,
    uses: t.codeUses,
    lastDay: t.lastDay,
    note: t.note,
  }
  return (
    <FormDialog
      title={t.newCodesTitle}
      action={t.newCodes}
      isReady={Number(worth) > 0 && Number(count) >= 1 && Number(uses) >= 1}
      sending={sending}
      onClose={props.onClose}
      act={async () => {
        const { items } = await createCodes({
          micros: Math.round(Number(worth) * 1_000_000),
          count: Number(count),
          max_uses: Number(uses),
          expires_at: lastDay === '' ? null : new Date(`${lastDay}T23:59:59`).toISOString(),
          note: note.trim() || null,
        })
        props.onMade(items.map(({ code }) => code))
      }}
    >
      {names.map((name) => (
        <Field
          key={name}
          label={labels[name]}
          hint={name === 'lastDay' ? keyTexts.value.expiresHint : name === 'note' ? t.noteHint : undefined}
          fault={sending.faultOf(name)}
          type={name === 'note' ? 'text' : name === 'lastDay' ? 'date' : 'number'}
          min={name === 'worth' ? 0 : 1}
          step="any"
          maxLength={200}
          autofocus={name === 'worth'}
          value={draft.value[name]}
          onInput={(event) => {
            draft.value = { ...draft.value, [name]: event.currentTarget.value }
          }}
        />
      ))}
    </FormDialog>
  )
}

function wordsFor({ fields }: Refusal) {
  const t = adminTexts.value
  const unfit = [
    ['micros', 'worth', t.numberUnfit],
    ['count', 'count', t.countUnfit],
    ['max_uses', 'uses', t.numberUnfit],
    ['expires_at', 'lastDay', t.dayUnfit],
    ['note', 'note', t.textUnfit],
  ] as const
  for (const [path, field, text] of unfit) if (fields.includes(path)) return { field, text }
  return null
}
