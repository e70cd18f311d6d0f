import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { currencyOf } from '../../currency.ts'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'
import { words } from '../../texts/words.ts'
import { Field } from '../../ui/field.tsx'
import { limitNames } from '../settings/key-draft.ts'
import { useSending } from '../settings/use-sending.ts'
import { createPlan, type Plan, updatePlan } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'

interface Props {
  /** null: one that is to be made. */
  plan: Plan | null
  onClose: () => void
  onSaved: (text: string) => void
}

export function PlanDialog({ plan, onClose, onSaved }: Props) {
  const t = adminTexts.value
  const name = useSignal(plan?.name ?? '')
  const limits = useSignal(draftOf(plan))
  const sending = useSending(`${name.value} ${JSON.stringify(limits.value)}`, wordsFor)
  const k = keyTexts.value
  const units = { requests: k.requests, tokens: k.tokens, cost: k.cost(currencyOf()) }
  return (
    <FormDialog
      title={plan === null ? t.newPlanTitle : plan.name}
      action={plan === null ? t.newPlan : words.value.save}
      isReady={name.value.trim() !== ''}
      sending={sending}
      onClose={onClose}
      act={async () => {
        const wish = wishOf(limits.value)
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
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value
          }}
        />
      )}
      <div class="filter-row">
        {limitNames.map(([unit, period]) => (
          <Field
            key={`${unit}_${period}`}
            label={period === 'day' ? k.perDay(units[unit]) : k.perMonth(units[unit])}
            type="number"
            min={0}
            step={unit === 'cost' ? 'any' : 1}
            value={limits.value[`${unit}_${period}`] ?? ''}
            onInput={(event) => {
              limits.value = { ...limits.value, [`${unit}_${period}`]: event.currentTarget.value }
            }}
          />
        ))}
      </div>
      <p class={sending.faultOf('limits') ? 'refusal' : 'hint'}>
        {sending.faultOf('limits') ?? t.limitsHint}
      </p>
    </FormDialog>
  )
}

const millionth = 1_000_000

/** As typed: money in the currency. */
function draftOf(plan: Plan | null): Record<string, string> {
  const known = Object.entries(plan?.limits ?? {})
  return Object.fromEntries(
    known.map(([name, limit]) => [name, limit === null ? '' : String(limit / unitOf(name))]),
  )
}

/** Empty is no limit. */
function wishOf(draft: Record<string, string>): Record<string, number | null> {
  const names = limitNames.map(([unit, period]) => `${unit}_${period}`)
  return Object.fromEntries(
    names.map((name) => {
      const text = draft[name] ?? ''
      return [name, text === '' ? null : Math.round(Number(text) * unitOf(name))]
    }),
  )
}

function unitOf(name: string): number {
  return name.startsWith('cost') ? millionth : 1
}

function wordsFor({ code, fields }: Refusal) {
  const t = adminTexts.value
  if (code === 'conflict') return { field: 'name', text: t.planTaken }
  if (fields.includes('name')) return { field: 'name', text: t.planNameHint }
  return fields.some((field) => field.startsWith('limits'))
    ? { field: 'limits', text: keyTexts.value.numberUnfit }
    : null
}
