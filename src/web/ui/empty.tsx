import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

/** Where there is nothing: says so, and what could be done about it. */
export function Empty(props: { text: string; icon?: IconName; children?: ComponentChildren }) {
  return (
    <div class="empty">
      {props.icon && <Icon name={props.icon} size={28} />}
      <p>{props.text}</p>
      {props.children}
    </div>
  )
}
