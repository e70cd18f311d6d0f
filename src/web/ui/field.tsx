import type { Signal } from '@preact/signals'
import { type ComponentChildren, h, type TargetedInputEvent, type TextareaHTMLAttributes } from 'preact'
import { useId } from 'preact/hooks'
import { SecretInput } from './secret-input.tsx'
import { useValidity } from './use-validity.ts'

interface Labelled {
  label: string
  hint?: string | undefined
  /** What is wrong with what stands in it. */
  fault?: string | null | undefined
}

interface InputProps extends Labelled {
  type?: 'text' | 'password' | 'email' | 'search' | 'number' | 'date'
  name?: string
  /** What stands in it, and takes what is written; `value` and `onInput` where that is more than a text. */
  text?: Signal<string>
  value?: string
  onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void
  placeholder?: string
  autocomplete?: 'off' | 'username' | 'email' | 'nickname' | 'current-password' | 'new-password'
  required?: boolean
  disabled?: boolean
  readOnly?: boolean
  autofocus?: boolean
  maxLength?: number
  min?: number | string
  max?: number | string
  step?: number | 'any'
}

/** The type of a literal element is told apart by its `type`, which is not known here. */
const anyInput: string = 'input'

/** A line of text with its label above. */
export function Field({ label, hint, fault, text, type = 'text', ...input }: InputProps) {
  const given = { ...input, ...bound(text) }
  const { fault: unfit, handlers } = useValidity(given.onInput)
  return (
    <Frame label={label} hint={hint} fault={unfit ?? fault}>
      {(described) => {
        const draw = (as: string) =>
          h(anyInput, { class: 'input', type: as, ...given, ...handlers, ...described })
        return type === 'password' ? <SecretInput>{draw}</SecretInput> : draw(type)
      }}
    </Frame>
  )
}

type AreaProps = Labelled & { text?: Signal<string> } & Omit<TextareaHTMLAttributes, 'label' | 'id'>

/** The same for several lines. */
export function TextArea({ label, hint, fault, text, ...area }: AreaProps) {
  const given = { ...area, ...bound(text) }
  const { fault: unfit, handlers } = useValidity(given.onInput)
  return (
    <Frame label={label} hint={hint} fault={unfit ?? fault}>
      {(described) => <textarea class="input" rows={4} {...given} {...handlers} {...described} />}
    </Frame>
  )
}

interface SelectProps<Value extends string> extends Labelled {
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** One of a few. The platform's own list: it is right on every phone. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hint, fault, value, options } = props
  const choose = (chosen: string) => {
    const option = options.find((known) => known.value === chosen)
    if (option) props.onChange(option.value)
  }
  return (
    <Frame label={label} hint={hint} fault={fault}>
      {(described) => (
        <select
          class="input"
          value={value}
          onChange={(event) => choose(event.currentTarget.value)}
          {...described}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Frame>
  )
}

export function Checkbox(props: {
  label: ComponentChildren
  checked: boolean
  onChange: (isOn: boolean) => void
}) {
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  )
}

function bound(text: Signal<string> | undefined) {
  if (text === undefined) return {}
  return {
    value: text.value,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      text.value = currentTarget.value
    },
  }
}

interface Described {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
}

function Frame(props: Labelled & { children: (described: Described) => ComponentChildren }) {
  const id = useId()
  const { label, hint, fault } = props
  const described = {
    id,
    'aria-describedby': fault ? `${id}-fault` : hint ? `${id}-hint` : undefined,
    'aria-invalid': Boolean(fault),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {props.children(described)}
      {hint && !fault && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {fault && (
        <small id={`${id}-fault`} class="refusal">
          {fault}
        </small>
      )}
    </div>
  )
}
