import { adminTexts } from '../../texts/admin.ts'
import { Select } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { fetchPlans } from './lists-api.ts'

/** One of the plans that there are, or what `first` says. */
export function PlanSelect(props: {
  first: readonly { value: string; label: string }[]
  hint?: string
  fault?: string | null
  value: string
  onChange: (plan: string) => void
}) {
  const plans = useReading(fetchPlans)
  const names = plans.value.value?.map(({ name }) => name) ?? []
  const { first, value } = props
  // It is the one that is chosen, also before the others are there.
  const isListed = [...first.map((one) => one.value), ...names].includes(value)
  const options = [
    ...first,
    ...[...(isListed ? [] : [value]), ...names].map((name) => ({ value: name, label: name })),
  ]
  return (
    <Select
      label={adminTexts.value.plan}
      hint={props.hint}
      fault={props.fault}
      value={value}
      options={options}
      onChange={props.onChange}
    />
  )
}
