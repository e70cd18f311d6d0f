import type { ComponentChildren } from 'preact'

/** One thing that is so, among others in a list of `admin-facts`. */
export function Fact(props: { name: string; tone?: 'good' | 'bad'; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.tone && `admin-state ${props.tone}`}>{props.children}</dd>
    </div>
  )
}
