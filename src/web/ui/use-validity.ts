import { useSignal } from '@preact/signals'
import type { TargetedEvent, TargetedInputEvent } from 'preact'
import { fieldTexts } from '../texts/field.ts'

type Control = HTMLInputElement | HTMLTextAreaElement

/**
 * What the browser finds wrong with a field when its form is sent, in the words of the page instead of a bubble in those
 * of the browser. The focus goes to the first such field. `onInput`: what takes what is written, if anything does.
 */
export function useValidity<Of extends Control>(
  onInput: ((event: TargetedInputEvent<Of>) => void) | undefined,
): {
  /** null: nothing, or nobody has tried to send it. */
  fault: string | null
  handlers: {
    onInvalid: (event: TargetedEvent<Of>) => void
    onInput: (event: TargetedInputEvent<Of>) => void
  }
} {
  const found = useSignal<Found | null>(null)
  return {
    fault: found.value && wordsFor(found.value),
    handlers: {
      onInvalid(event) {
        // No bubble.
        event.preventDefault()
        const { currentTarget } = event
        found.value = faultOf(currentTarget)
        if (firstInvalid(currentTarget) === currentTarget) currentTarget.focus()
      },
      onInput(event) {
        // First: what is drawn anew meanwhile would show what stood there before.
        onInput?.(event)
        if (found.value !== null) found.value = faultOf(event.currentTarget)
      },
    },
  }
}

interface Found {
  kind: 'missing' | 'noDate' | 'noNumber' | 'tooSmall' | 'tooLarge' | 'noStep' | 'unfit'
  min: string
  max: string
}

function faultOf(control: Control): Found | null {
  const { validity } = control
  if (validity.valid) return null
  const { type, min, max } =
    control instanceof HTMLInputElement ? control : { type: control.type, min: '', max: '' }
  return { kind: kindOf(validity, type), min, max }
}

function kindOf(validity: ValidityState, type: string): Found['kind'] {
  // Half a date is both nothing and wrong.
  if (validity.badInput) return type === 'number' ? 'noNumber' : 'noDate'
  if (validity.valueMissing) return 'missing'
  if (validity.rangeUnderflow) return 'tooSmall'
  if (validity.rangeOverflow) return 'tooLarge'
  return validity.stepMismatch ? 'noStep' : 'unfit'
}

function wordsFor({ kind, min, max }: Found): string {
  const t = fieldTexts.value
  if (kind === 'tooSmall') return t.tooSmall(min)
  return kind === 'tooLarge' ? t.tooLarge(max) : t[kind]
}

function firstInvalid({ form }: Control): Element | null {
  const controls = [...(form?.elements ?? [])]
  return controls.find((one) => one.matches(':is(input, textarea):invalid')) ?? null
}
