import type { ComponentChildren, TargetedToggleEvent } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

export interface MenuItem {
  label: string
  /** A second line, in small. */
  hint?: string | undefined
  icon?: IconName
  /** One of several to choose from, and whether it is the one. */
  checked?: boolean
  isDangerous?: boolean
  onChoose: () => void
}

/** null: a line between what stands before and after it. */
export type MenuItems = readonly (MenuItem | null)[]

/**
 * A button and the list that it opens: arrows, Home, End and first letters go about in it, Escape and a click beside
 * it close it. The platform puts it above all else.
 */
export function Menu(props: {
  /** Accessible name of the button. */
  name: string
  items: MenuItems
  /** What is on the button. */
  children: ComponentChildren
  /** What is on the button says its name by itself. */
  isNamedInside?: boolean
  class?: string
  title?: string | undefined
}) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  const place = () => {
    if (button.current && list.current) placeBeside(button.current, list.current)
  }
  const onToggle = (event: TargetedToggleEvent<HTMLDivElement>) => {
    const isNow = event.newState === 'open'
    setOpen(isNow)
    if (!isNow) return
    // Its list is drawn only now.
    requestAnimationFrame(() => {
      place()
      const all = itemsOf(list.current)
      const first = all.find((item) => item.ariaChecked === 'true') ?? all[0]
      first?.focus()
    })
  }
  const choose = (item: MenuItem) => {
    list.current?.hidePopover()
    // What it opens gives the focus back to where it was.
    button.current?.focus()
    item.onChoose()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.class ?? 'icon-button quiet'}
        aria-label={props.isNamedInside ? undefined : props.name}
        title={props.title ?? props.name}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        popoverTarget={id}
        onKeyDown={(event) => openWithArrows(event, list.current)}
      >
        {props.children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={props.name}
        class="menu"
        onToggle={onToggle}
        onKeyDown={(event) => goAbout(event, list.current)}
      >
        {isOpen && props.items.map((item, at) => <Item key={at} item={item} onChoose={choose} />)}
      </div>
    </>
  )
}

function Item({ item, onChoose }: { item: MenuItem | null; onChoose: (item: MenuItem) => void }) {
  if (item === null) return <hr />
  const role = item.checked === undefined ? 'menuitem' : 'menuitemradio'
  return (
    <button
      type="button"
      {...{ role, 'aria-checked': item.checked }}
      tabIndex={-1}
      class={item.isDangerous ? 'menu-item danger' : 'menu-item'}
      onClick={() => onChoose(item)}
    >
      {item.icon && <Icon name={item.icon} size={18} />}
      <span class="menu-label">
        {item.label}
        {item.hint && <small>{item.hint}</small>}
      </span>
      {item.checked && <Icon name="check" size={18} />}
    </button>
  )
}

/** As everywhere: from its button one goes down into a list. */
function openWithArrows(event: KeyboardEvent, list: HTMLElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  list?.showPopover()
}

function goAbout(event: KeyboardEvent, list: HTMLElement | null): void {
  const items = itemsOf(list)
  const at = items.findIndex((item) => item.matches(':focus'))
  const target =
    event.key === 'ArrowDown'
      ? items[(at + 1) % items.length]
      : event.key === 'ArrowUp'
        ? items.at(at <= 0 ? -1 : at - 1)
        : event.key === 'Home'
          ? items[0]
          : event.key === 'End'
            ? items.at(-1)
            : startingWith(event, [...items.slice(at + 1), ...items.slice(0, at + 1)])
  if (event.key === 'Tab' && list) list.hidePopover()
  if (target === undefined) return
  event.preventDefault()
  // A shortcut of the page may begin with the same letter.
  event.stopPropagation()
  target.focus()
}

function startingWith({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, items: HTMLElement[]) {
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return undefined
  return items.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()))
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
}

/** Below the button or, where there is no room, above it; always inside the window. */
function placeBeside(button: HTMLElement, list: HTMLElement): void {
  const margin = 8
  const box = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = list
  const isRight = box.left + width > innerWidth - margin
  const left = isRight ? box.right - width : box.left
  const fitsBelow = box.bottom + 4 + height <= innerHeight - margin
  const top = fitsBelow ? box.bottom + 4 : box.top - 4 - height
  list.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`
  list.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`
}
