import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { isLimit, isMoney, type LimitName, limitParts } from '../../limits.ts'
import { labelOfLimit } from '../../parts/limit-fields.tsx'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { useSending } from '../settings/use-sending.ts'
import { fetchQuotaOf, resetQuotaOf, setQuotaOf } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import { draftOf, type LimitsDraft, wishOf } from './limits-draft.ts'
import { fetchPlans, type Person, type Plan } from './lists-api.ts'
import { loginOf, nameOf } from './person.ts'
import { UsedWindows } from './used-windows.tsx'

/** What somebody has used, and may use instead of what his plan says. */
export function LimitsDialog(props: {
  person: Person
  onClose: () => void
  onChanged: (text: string) => void
}) {
  const { person, onClose, onChanged } = props
  const t = adminTexts.value.limits
  const reading = useReading(() => fetchQuotaOf(person.id))
  const plans = useReading(fetchPlans).value.value
  const changed = useSignal<LimitsDraft | null>(null)
  const sending = useSending(changed.value, wordsFor)
  const quota = reading.value.value
  const draft = changed.value ?? (quota === null ? null : draftOf(quota))

  const save = async () => {
    const wish = draft && wishOf(draft)
    if (wish === null) await resetQuotaOf(person.id)
    else await setQuotaOf(person.id, wish)
    onChanged(wish === null ? t.takenBack(loginOf(person)) : t.saved(loginOf(person)))
  }
  const takeBack = async () => {
    const question = { title: t.takeBackTitle(nameOf(person)), text: t.takeBackText, action: t.takeBack }
    if (!(await askFirst({ ...question, isDangerous: true }))) return
    await sending.send(async () => {
      await resetQuotaOf(person.id)
      onChanged(t.takenBack(loginOf(person)))
    })
  }

  return (
    <FormDialog
      title={t.title(nameOf(person))}
      action={words.value.save}
      isReady={changed.value !== null && isSendable(changed.value)}
      sending={sending}
      onClose={onClose}
      act={save}
    >
      {quota === null || draft === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <UsedWindows quota={quota} />
          <h3>{t.ownLimits}</h3>
          <p class="hint">{t.ownHint}</p>
          <OwnLimits
            draft={draft}
            plan={planOf(quota.plan, plans)}
            timezoneFault={sending.faultOf('timezone')}
            onChange={(next) => {
              changed.value = next
            }}
          />
          {quota.override !== null && (
            <div>
              <Button icon="restore" busy={sending.isSending} onClick={() => void takeBack()}>
                {t.takeBack}
              </Button>
            </div>
          )}
        </>
      )}
    </FormDialog>
  )
}

function OwnLimits(props: {
  draft: LimitsDraft
  /** null: not known. */
  plan: Plan['limits'] | null
  timezoneFault: string | null
  onChange: (draft: LimitsDraft) => void
}) {
  const { draft, plan, onChange } = props
  const { choices, texts, timezone } = draft
  const t = adminTexts.value.limits
  return (
    <>
      <div class="own-limits">
        {limitParts.map(([unit, period]) => {
          const name = `${unit}_${period}` as const
          const label = labelOfLimit(unit, period)
          return (
            <div key={name} class="own-limit">
              <Select
                label={label}
                value={choices[name]}
                options={[
                  { value: 'plan', label: t.asPlan(plan === null ? '…' : wordsOf(name, plan[name])) },
                  { value: 'none', label: t.noLimit },
                  { value: 'own', label: t.own },
                ]}
                onChange={(choice) => onChange({ ...draft, choices: { ...choices, [name]: choice } })}
              />
              {choices[name] === 'own' && (
                <Field
                  label={t.ownOf(label)}
                  type="number"
                  min={0}
                  step={unit === 'cost' ? 'any' : 1}
                  fault={isLimit(name, texts[name]) ? null : keyTexts.value.numberUnfit}
                  value={texts[name]}
                  onInput={({ currentTarget: { value } }) =>
                    onChange({ ...draft, texts: { ...texts, [name]: value } })
                  }
                />
              )}
            </div>
          )
        })}
      </div>
      <Field
        label={t.timezone}
        hint={t.timezoneHint}
        fault={props.timezoneFault}
        maxLength={64}
        autocomplete="off"
        value={timezone}
        onInput={(event) => onChange({ ...draft, timezone: event.currentTarget.value })}
      />
    </>
  )
}

/** One that is gone counts as `free`. */
function planOf(name: string, plans: Plan[] | null): Plan['limits'] | null {
  if (plans === null) return null
  const found = plans.find((plan) => plan.name === name) ?? plans.find((plan) => plan.name === 'free')
  return found?.limits ?? {}
}

function wordsOf(name: LimitName, limit: number | null | undefined): string {
  if (limit === null || limit === undefined) return adminTexts.value.limits.noLimit
  return isMoney(name) ? formatMoney(limit / 1_000_000, currencyOf()) : formatNumber(limit)
}

/** A limit of one's own is a number. */
function isSendable({ choices, texts }: LimitsDraft): boolean {
  const names = limitParts.map(([unit, period]) => `${unit}_${period}` as const)
  return names.every((name) => choices[name] !== 'own' || (texts[name] !== '' && isLimit(name, texts[name])))
}

function wordsFor({ fields }: Refusal) {
  const { timezoneUnfit: text } = adminTexts.value.limits
  return fields.includes('timezone') ? { field: 'timezone', text } : null
}
