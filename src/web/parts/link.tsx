import type { ComponentChildren } from 'preact'
import { goTo, hrefOf, type Page } from '../place.ts'

/** A link to another page of ours: followed without a reload, but still a link (new tab, keyboard, screen reader). */
export function Link(props: { to: Page; class?: string; children: ComponentChildren }) {
  return (
    <a href={hrefOf(props.to)} class={props.class} onClick={(event) => follow(event, () => goTo(props.to))}>
      {props.children}
    </a>
  )
}

/** Goes there itself, unless the browser was asked for a new tab or window. */
export function follow(event: MouseEvent, go: () => void): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  go()
}
