import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { limitOfText, ofEachLimit, textOfLimit } from '../../limits.ts'
import { LimitFields } from '../../parts/limit-fields.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'
import { words } from '../../texts/words.ts'
import { Field } from '../../ui/field.tsx'
import { useSending } from '../settings/use-sending.ts'
import { createPlan, updatePlan } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { Plan } from './lists-api.ts'

interface Props {
  /** null: one that is to be made. */
  plan: Plan | null
  onClose: () => void
  onSaved: (text: string) => void
}

export function PlanDialog({ plan, onClose, onSaved }: Props) {
  const t = adminTexts.value
  const name = useSignal(plan?.name ?? '')
  const limits = useSignal(ofEachLimit((one) => textOfLimit(one, plan?.limits[one])))
  const sending = useSending(`${name.value} ${JSON.stringify(limits.value)}`, wordsFor)
  return (
    <FormDialog
      title={plan === null ? t.newPlanTitle : plan.name}
      action={plan === null ? t.newPlan : words.value.save}
      isReady={name.value.trim() !== ''}
      sending={sending}
      onClose={onClose}
      act={async () => {
        const wish = ofEachLimit((one) => limitOfText(one, limits.value[one]))
        const saved =
          plan === null
            ? await createPlan({ name: name.value.trim(), limits: wish })
            : await updatePlan(plan.name, { limits: wish })
        onSaved(t.saved(saved.name))
      }}
    >
      {plan === null && (
        <Field
          label={t.planName}
          hint={t.planNameHint}
          fault={sending.faultOf('name')}
          maxLength={32}
          autofocus
          autocomplete="off"
          text={name}
        />
      )}
      <div class="filter-row">
        <LimitFields
          value={limits.value}
          onChange={(next) => {
            limits.value = next
          }}
        />
      </div>
      <p class={sending.faultOf('limits') ? 'refusal' : 'hint'}>
        {sending.faultOf('limits') ?? t.limitsHint}
      </p>
    </FormDialog>
  )
}

function wordsFor({ code, fields }: Refusal) {
  const t = adminTexts.value
  if (code === 'conflict') return { field: 'name', text: t.planTaken }
  if (fields.includes('name')) return { field: 'name', text: t.planNameHint }
  return fields.some((field) => field.startsWith('limits'))
    ? { field: 'limits', text: keyTexts.value.numberUnfit }
    : null
}
