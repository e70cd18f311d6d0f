import type { ComponentChildren } from 'preact'
import { Button } from '../../ui/button.tsx'

/** A part of the administration: its name, what it is for, and what can be begun there. */
export function Part(props: {
  title: string
  hint?: string
  action?: ComponentChildren
  /** What is made here anew. */
  begin?: { label: string; act: () => void }
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
        {props.begin && (
          <Button look="primary" icon="plus" onClick={props.begin.act}>
            {props.begin.label}
          </Button>
        )}
      </header>
      {props.children}
    </section>
  )
}
