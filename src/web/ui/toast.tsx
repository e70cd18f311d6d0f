import { signal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { words } from '../texts/words.ts'
import { IconButton } from './button.tsx'
import { foremost } from './use-modal.ts'

interface Toast {
  key: number
  text: string
  action: { label: string; run: () => void } | null
  isFault: boolean
  /** What it tells the state of; the next word of that takes its place. */
  of: string | null
  /** As `Date.now()` counts. A dialog that opens or closes does not begin it anew. */
  until: number
}

const shownMs = 8000
/** What went well, and what nothing is to be done about. */
const brieflyMs = 5000
/** Whoever held it has this long at least. */
const leastMs = 2000
const maxToasts = 3

const toasts = signal<Toast[]>([])
let count = 0

/** Says what was done, for a moment, where it is in nobody's way; `undo` is offered meanwhile. */
export function say(text: string, undo?: () => void): void {
  add({ text, action: undo ? { label: words.value.undo, run: undo } : null, isFault: false, of: null })
}

/** Says what did not work. */
export function sayFault(text: string): void {
  add({ text, action: null, isFault: true, of: null })
}

/** Says how something is now: what was said of it before is not true any more. */
export function sayState(of: string, text: string, isFault: boolean): void {
  add({ text, action: null, isFault, of })
}

function add(toast: Omit<Toast, 'key' | 'until'>): void {
  const others = toasts.value.filter(({ of }) => of === null || of !== toast.of)
  const isBrief = toast.action === null && !toast.isFault
  const next = { ...toast, key: ++count, until: Date.now() + (isBrief ? brieflyMs : shownMs) }
  toasts.value = [...others, next].slice(-maxToasts)
}

function remove(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key)
}

/** Where they are drawn: at the root and in each dialog, which alone can be reached while it is open. */
export function Toasts({ modal = null }: { modal?: symbol | null }) {
  const frame = useRef<HTMLDivElement>(null)
  const shown = foremost() === modal ? toasts.value : []
  const newest = shown.at(-1)?.key
  // Above whatever stands before the page by now.
  useLayoutEffect(() => {
    frame.current?.hidePopover()
    if (newest !== undefined) frame.current?.showPopover()
  }, [newest])
  return (
    <div ref={frame} popover="manual" class="toasts" role="status">
      {shown.map((toast) => (
        <ToastView key={toast.key} toast={toast} />
      ))}
    </div>
  )
}

function ToastView({ toast: { key, text, action, isFault, until } }: { toast: Toast }) {
  // Whoever points at it or has come to it with the keyboard may still be reading.
  const [isHeld, hold] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => remove(key), Math.max(until - Date.now(), leastMs))
    return () => clearTimeout(timer)
  }, [isHeld])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done by it, only its end waits
    <div
      class={isFault ? 'toast fault' : 'toast'}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocusIn={() => hold(true)}
      onFocusOut={() => hold(false)}
    >
      <span>{text}</span>
      {action && (
        <button
          type="button"
          class="button quiet small"
          onClick={() => {
            remove(key)
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton small name={words.value.dismiss} icon="close" onClick={() => remove(key)} />
    </div>
  )
}
