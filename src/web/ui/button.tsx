import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Look = 'plain' | 'primary' | 'danger' | 'quiet'

interface ButtonProps {
  children: ComponentChildren
  /** Accessible name, where what is on it does not say enough: it begins with that. */
  name?: string
  look?: Look
  icon?: IconName
  type?: 'button' | 'submit'
  /** Id of the form that it sends, where it stands outside. */
  form?: string
  disabled?: boolean
  /** It waits for an answer: it cannot be pressed, and says that it is busy. */
  busy?: boolean
  pressed?: boolean
  wide?: boolean
  small?: boolean
  class?: string
  onClick?: (event: MouseEvent) => void
}

export function Button({ look = 'plain', type = 'button', ...props }: ButtonProps) {
  const kind = `button ${look}${props.wide ? ' wide' : ''}${props.small ? ' small' : ''} ${props.class ?? ''}`
  return (
    <button
      type={type}
      form={props.form}
      class={kind.trim()}
      aria-label={props.name}
      disabled={props.disabled || props.busy}
      aria-busy={props.busy}
      aria-pressed={props.pressed}
      onClick={props.onClick}
    >
      {props.icon && <Icon name={props.icon} size={18} />}
      {props.children}
    </button>
  )
}

interface IconButtonProps {
  /** What it does: its accessible name, and what is shown when one points at it. */
  name: string
  icon: IconName
  look?: Look
  small?: boolean
  disabled?: boolean
  pressed?: boolean
  expanded?: boolean
  class?: string
  keys?: string
  onClick?: (event: MouseEvent) => void
}

export function IconButton({ look = 'quiet', ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${look}${props.small ? ' small' : ''} ${props.class ?? ''}`.trim()}
      aria-label={props.name}
      title={props.name}
      disabled={props.disabled}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-keyshortcuts={props.keys}
      onClick={props.onClick}
    >
      <Icon name={props.icon} size={props.small ? 17 : 20} />
    </button>
  )
}
