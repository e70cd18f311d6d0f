import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Refusal } from '../../api.ts'
import { texts } from '../../texts.ts'
import { focusFaulty, formInUse } from '../../ui/focus-faulty.ts'

export interface Sending {
  isSending: boolean
  /** What is wrong with a field, in words. */
  faultOf(field: string): string | null
  /** What is wrong and belongs to no field. */
  fault: string | null
  send(act: () => Promise<void>): Promise<boolean>
}

/**
 * `written`: what stands in the form; a refusal is about what stood there then. `wordsFor`: what a refusal means in this
 * form; field '' is the form itself, null: what it always means.
 */
export function useSending(
  written: unknown,
  wordsFor: (refusal: Refusal) => { field: string; text: string } | null,
): Sending {
  const isSending = useSignal(false)
  const refusal = useSignal<Refusal | null>(null)
  useEffect(() => {
    refusal.value = null
  }, [written])
  const shown = refusal.value === null ? null : (wordsFor(refusal.value) ?? usual(refusal.value))

  return {
    isSending: isSending.value,
    faultOf: (field) => (shown?.field === field ? shown.text : null),
    fault: shown?.field === '' ? shown.text : null,
    async send(act) {
      if (isSending.value) return false
      isSending.value = true
      refusal.value = null
      const form = formInUse()
      try {
        await act()
        return true
      } catch (error) {
        if (!(error instanceof Refusal)) console.error(error)
        refusal.value = error instanceof Refusal ? error : new Refusal('failed')
        focusFaulty(form)
        return false
      } finally {
        isSending.value = false
      }
    },
  }
}

function usual({ text }: Refusal) {
  return { field: '', text: texts.value[text] }
}
