import type { ComponentChildren } from 'preact'

/** A part of the administration: its name, what it is for, and what can be begun there. */
export function Part(props: {
  title: string
  hint?: string
  action?: ComponentChildren
  children: ComponentChildren
}) {
  return (
    <section class="admin-part">
      <header>
        <div>
          <h2>{props.title}</h2>
          {props.hint && <p class="hint">{props.hint}</p>}
        </div>
        {props.action}
      </header>
      {props.children}
    </section>
  )
}
