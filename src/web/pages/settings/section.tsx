import type { ComponentChildren } from 'preact'

/** A part of the settings, under its name. */
export function Section(props: { title: string; hint?: string; children: ComponentChildren }) {
  return (
    <section class="settings-section">
      <header>
        <h2>{props.title}</h2>
        {props.hint && <p class="hint">{props.hint}</p>}
      </header>
      {props.children}
    </section>
  )
}
