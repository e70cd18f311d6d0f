import { currencyOf } from '../currency.ts'
import { isLimit, type LimitName, limitParts } from '../limits.ts'
import { keyTexts } from '../texts/keys.ts'
import { Field } from '../ui/field.tsx'

/** A field for each limit, in two columns; what is empty is none. */
export function LimitFields(props: {
  value: Record<LimitName, string>
  onChange: (value: Record<LimitName, string>) => void
}) {
  const { value, onChange } = props
  return limitParts.map(([unit, period]) => {
    const name = `${unit}_${period}` as const
    return (
      <Field
        key={name}
        label={labelOfLimit(unit, period)}
        type="number"
        min={0}
        step={unit === 'cost' ? 'any' : 1}
        fault={isLimit(name, value[name]) ? null : keyTexts.value.numberUnfit}
        value={value[name]}
        onInput={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
      />
    )
  })
}

/** `Tokens a day`. */
export function labelOfLimit(
  unit: (typeof limitParts)[number][0],
  period: (typeof limitParts)[number][1],
): string {
  const t = keyTexts.value
  const units = { requests: t.requests, tokens: t.tokens, cost: t.cost(currencyOf()) }
  return period === 'day' ? t.perDay(units[unit]) : t.perMonth(units[unit])
}
