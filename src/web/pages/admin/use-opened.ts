import { type Signal, useSignal } from '@preact/signals'
import { say } from '../../ui/toast.tsx'

/** What is open before the things of a part, and what changes them. */
export interface Opened<Open> {
  /** Another after each change: what is shown is read anew. */
  wish: string
  show: (open: Open | null) => void
  onChanged: () => void
  /** Closes what is open, and says what was done. */
  onDone: (text: string) => void
}

export function useOpened<Open>(open: Signal<Open | null>): Opened<Open> {
  const changes = useSignal(0)
  const show = (next: Open | null) => {
    open.value = next
  }
  const onChanged = () => {
    changes.value++
  }
  const onDone = (text: string) => {
    onChanged()
    show(null)
    say(text)
  }
  return { wish: String(changes.value), show, onChanged, onDone }
}
