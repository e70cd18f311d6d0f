import { useSignal } from '@preact/signals'
import { account } from '../../account.ts'
import type { Refusal } from '../../api.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Select } from '../../ui/field.tsx'
import { useSending } from '../settings/use-sending.ts'
import { updatePerson } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { Person } from './lists-api.ts'
import { loginOf, nameOf } from './person.ts'
import { PlanSelect } from './plan-select.tsx'

/** What somebody may do here: his role and his plan. */
export function UserDialog(props: {
  person: Person
  onClose: () => void
  onChanged: (text: string) => void
}) {
  const { person, onClose, onChanged } = props
  const t = adminTexts.value
  const role = useSignal(person.role)
  const plan = useSignal(person.plan ?? '')
  const sending = useSending(`${role.value} ${plan.value}`, wordsFor)
  const changes = {
    ...(role.value === person.role ? {} : { role: role.value }),
    ...(plan.value === (person.plan ?? '') ? {} : { plan: plan.value || null }),
  }
  return (
    <FormDialog
      title={nameOf(person)}
      action={t.change}
      isReady={Object.keys(changes).length > 0}
      sending={sending}
      onClose={onClose}
      act={async () => {
        await updatePerson(person.id, changes)
        onChanged(t.userChanged(loginOf(person)))
      }}
    >
      <Select
        label={t.role}
        hint={person.id === account.value?.id ? t.ownRole : t.roleHint}
        fault={sending.faultOf('role')}
        value={role.value}
        options={[
          { value: 'user', label: t.roles.user },
          { value: 'admin', label: t.roles.admin },
        ]}
        onChange={(next) => {
          role.value = next
        }}
      />
      <PlanSelect
        first={[{ value: '', label: t.defaultPlan }]}
        hint={t.planHint}
        fault={sending.faultOf('plan')}
        value={plan.value}
        onChange={(next) => {
          plan.value = next
        }}
      />
    </FormDialog>
  )
}

function wordsFor({ code, fields }: Refusal) {
  const t = adminTexts.value
  if (code === 'conflict') return { field: 'role', text: t.lastAdmin }
  return fields.includes('plan') ? { field: 'plan', text: t.planUnfit } : null
}
