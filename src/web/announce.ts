import { signal } from '@preact/signals'

/** How many answers have come to their end here: whoever cannot see that is told. */
export const ends = signal(0)

export function announceEnd(): void {
  ends.value++
}
