import { useEffect, useRef } from 'preact/hooks'
import { follow } from './link.tsx'

/** Leads to the parts of a page, each of which has an address. */
export function PageNav<Name extends string>(props: {
  /** Accessible name. */
  label: string
  class: string
  names: readonly Name[]
  words: Record<Name, string>
  current: Name
  hrefOf: (name: Name) => string
  goTo: (name: Name) => void
}) {
  const { names, words, current, hrefOf, goTo } = props
  const nav = useRef<HTMLElement>(null)
  // On a phone they stand beside one another, more than there is room for.
  useEffect(() => {
    const link = nav.current?.querySelector('[aria-current]')
    link?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return (
    <nav ref={nav} class={props.class} aria-label={props.label}>
      {names.map((name) => (
        <a
          key={name}
          href={hrefOf(name)}
          aria-current={name === current ? 'page' : undefined}
          onClick={(event) => follow(event, () => goTo(name))}
        >
          {words[name]}
        </a>
      ))}
    </nav>
  )
}
