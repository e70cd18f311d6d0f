import { signal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { words } from '../texts/words.ts'
import { IconButton } from './button.tsx'

interface Toast {
  key: number
  text: string
  action: { label: string; run: () => void } | null
  isFault: boolean
}

const shownMs = 8000
const maxToasts = 3

const toasts = signal<Toast[]>([])
let count = 0

/** Says what was done, for a moment, where it is in nobody's way; `undo` is offered meanwhile. */
export function say(text: string, undo?: () => void): void {
  add({ text, action: undo ? { label: words.value.undo, run: undo } : null, isFault: false })
}

/** Says what did not work. */
export function sayFault(text: string): void {
  add({ text, action: null, isFault: true })
}

function add(toast: Omit<Toast, 'key'>): void {
  toasts.value = [...toasts.value, { ...toast, key: ++count }].slice(-maxToasts)
}

function remove(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key)
}

/** Where they are drawn: once, at the root. */
export function Toasts() {
  const frame = useRef<HTMLDivElement>(null)
  const newest = toasts.value.at(-1)?.key
  // Above whatever stands before the page by now.
  useLayoutEffect(() => {
    frame.current?.hidePopover()
    if (newest !== undefined) frame.current?.showPopover()
  }, [newest])
  return (
    <div ref={frame} popover="manual" class="toasts" role="status">
      {toasts.value.map((toast) => (
        <ToastView key={toast.key} toast={toast} />
      ))}
    </div>
  )
}

function ToastView({ toast: { key, text, action, isFault } }: { toast: Toast }) {
  // Whoever points at it or has come to it with the keyboard may still be reading.
  const [isHeld, hold] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => remove(key), shownMs)
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
      <IconButton small name={words.value.close} icon="close" onClick={() => remove(key)} />
    </div>
  )
}
