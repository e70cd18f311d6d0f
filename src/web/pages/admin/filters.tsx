import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { adminTexts } from '../../texts/admin.ts'
import { Field, Select } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { useRested } from '../../use-rested.ts'
import { fetchProviders } from './admin-api.ts'

/** What a list is narrowed down by, and how that is changed. */
export function useFilter<Filter extends object>(all: Filter) {
  const filter = useSignal(all)
  const change = (changes: Partial<Filter>) => {
    filter.value = { ...filter.value, ...changes }
  }
  const wish = JSON.stringify(filter.value)
  return { filter: filter.value, change, wish, isAll: wish === JSON.stringify(all) }
}

export function Filters({ list, children }: { list: string; children: ComponentChildren }) {
  return (
    <search class="admin-filters" aria-label={adminTexts.value.lists.filterOf(list)}>
      {children}
    </search>
  )
}

/** A text that is looked for when the hand rests. */
export function FindField(props: {
  label?: string
  hint: string
  value: string
  maxLength?: number
  onChange: (text: string) => void
}) {
  const { label = adminTexts.value.lists.find, hint, value, maxLength = 100, onChange } = props
  const text = useSignal(value)
  useRested(text.value.trim(), value, onChange)
  return <Field label={label} type="search" placeholder={hint} maxLength={maxLength} text={text} />
}

/** One of a few, or any; empty is any. */
export function FilterSelect<Value extends string>(props: {
  label: string
  value: Value | ''
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value | '') => void
}) {
  const any = { value: '', label: adminTexts.value.any } as const
  return <Select<Value | ''> {...props} options={[any, ...props.options]} />
}

/** One of the providers that there are, or any. `wish`: they are read anew with another. */
export function ProviderFilter(props: {
  value: string
  wish?: string
  onChange: (provider: string) => void
}) {
  const providers = useReading(fetchProviders, props.wish)
  const names = providers.value.value?.map(({ name }) => name) ?? []
  return (
    <FilterSelect
      label={adminTexts.value.provider}
      value={props.value}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={props.onChange}
    />
  )
}
