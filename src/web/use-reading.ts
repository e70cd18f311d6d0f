import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Refusal } from './api.ts'
import type { TextKey } from './texts.ts'

export interface Reading<Value> {
  /** null: not there yet. */
  value: Signal<Value | null>
  /** Why it is not there. */
  fault: TextKey | null
  readAgain(): void
}

/** Reads something when the component appears, and whenever `wish` changes. */
export function useReading<Value>(read: () => Promise<Value>, wish = ''): Reading<Value> {
  const value = useSignal<Value | null>(null)
  const fault = useSignal<TextKey | null>(null)
  const attempt = useSignal(0)

  useEffect(() => {
    let isWanted = true
    fault.value = null
    read().then(
      (found) => {
        if (isWanted) value.value = found
      },
      (error) => {
        if (!isWanted) return
        if (!(error instanceof Refusal)) console.error(error)
        fault.value = error instanceof Refusal ? error.text : 'failed'
      },
    )
    return () => {
      isWanted = false
    }
  }, [wish, attempt.value])

  return { value, fault: fault.value, readAgain: () => attempt.value++ }
}
