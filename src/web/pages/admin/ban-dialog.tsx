import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Field } from '../../ui/field.tsx'
import { useSending } from '../settings/use-sending.ts'
import { banPerson } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { Person } from './lists-api.ts'
import { loginOf, nameOf } from './person.ts'

/** Says what a ban means, and asks why. */
export function BanDialog(props: { person: Person; onClose: () => void; onBanned: (text: string) => void }) {
  const { person, onClose, onBanned } = props
  const t = adminTexts.value
  const reason = useSignal('')
  const sending = useSending(reason.value, wordsFor)
  return (
    <FormDialog
      title={t.banTitle(nameOf(person))}
      action={t.ban}
      isDangerous
      isReady
      sending={sending}
      onClose={onClose}
      act={async () => {
        await banPerson(person.id, reason.value.trim())
        onBanned(t.banned(loginOf(person)))
      }}
    >
      <p>{t.banText}</p>
      <Field label={t.banReason} hint={t.banReasonHint} maxLength={500} autofocus text={reason} />
    </FormDialog>
  )
}

function wordsFor({ code }: Refusal) {
  return code === 'conflict' ? { field: '', text: adminTexts.value.lastAdmin } : null
}
