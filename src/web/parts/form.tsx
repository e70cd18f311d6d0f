import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Refusal } from '../api.ts'
import { type TextKey, texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Field as LabelledField } from '../ui/field.tsx'
import { SiteFoot } from './site-foot.tsx'

/** A titled form that shows why it was refused and cannot be sent twice at a time. */
export function Form(props: {
  title: string
  button: string
  /** Called with the fields' values; a Refusal becomes the text above the button. */
  onSend: (values: Record<string, string>) => Promise<void>
  children: ComponentChildren
  footer?: ComponentChildren
}) {
  const refusal = useSignal<TextKey | null>(null)
  const sending = useSignal(false)

  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    if (sending.value) return
    sending.value = true
    refusal.value = null
    try {
      await props.onSend(valuesOf(event.target))
    } catch (error) {
      refusal.value = error instanceof Refusal ? error.text : 'failed'
    } finally {
      sending.value = false
    }
  }

  return (
    <main class="narrow">
      <form class="card" onSubmit={send}>
        <h1>{props.title}</h1>
        {props.children}
        {refusal.value && (
          <p class="refusal" role="alert">
            {texts.value[refusal.value]}
          </p>
        )}
        <Button type="submit" look="primary" wide busy={sending.value}>
          {props.button}
        </Button>
        {props.footer && <div class="card-footer">{props.footer}</div>}
      </form>
      <SiteFoot />
    </main>
  )
}

export function Field(props: {
  name: string
  label: string
  password?: boolean
  autocomplete: 'username' | 'email' | 'nickname' | 'current-password' | 'new-password' | 'off'
  /** What stands in it at first. */
  value?: string
  hint?: string
  optional?: boolean
  maxLength: number
}) {
  const { name, label, hint, autocomplete, maxLength, value } = props
  return (
    <LabelledField
      {...{ name, label, hint, autocomplete, maxLength }}
      {...(value === undefined ? {} : { value })}
      type={props.password ? 'password' : 'text'}
      required={!props.optional}
    />
  )
}

function valuesOf(form: EventTarget | null): Record<string, string> {
  if (!(form instanceof HTMLFormElement)) return {}
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}
