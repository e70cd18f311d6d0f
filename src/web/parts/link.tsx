import type { ComponentChildren } from 'preact'
import { goTo, hrefOf, type Page } from '../place.ts'

/** A link to another page of ours: followed without a reload, but still a link (new tab, keyboard, screen reader). */
export function Link(props: { to: Page; class?: string; children: ComponentChildren }) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    goTo(props.to)
  }
  return (
    <a href={hrefOf(props.to)} class={props.class} onClick={follow}>
      {props.children}
    </a>
  )
}
