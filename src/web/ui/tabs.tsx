import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface Tab<Name extends string> {
  name: Name
  label: string
}

/** Several panels of which one is shown. Arrows go from one tab to the next, as the platform's own do. */
export function Tabs<Name extends string>(props: {
  label: string
  tabs: readonly Tab<Name>[]
  current: Name
  onChange: (name: Name) => void
  children: ComponentChildren
}) {
  const id = useId()
  const { tabs, current } = props
  const at = tabs.findIndex(({ name }) => name === current)

  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length)
    if (tab === undefined) return
    event.preventDefault()
    props.onChange(tab.name)
    document.getElementById(`${id}-${tab.name}`)?.focus()
  }

  return (
    <div class="tabs">
      <div role="tablist" aria-label={props.label} class="tab-list" onKeyDown={onKeyDown}>
        {tabs.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === current}
            aria-controls={`${id}-panel`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => props.onChange(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} class="tab-panel">
        {props.children}
      </div>
    </div>
  )
}
