import { signal } from '@preact/signals'
import { fetchBalance } from './usage-api.ts'

const known = signal('USD')
let isAsked = false

/** What money is counted in here. Asked for once, by whoever first shows a sum that does not come with it. */
export function currencyOf(): string {
  if (!isAsked) {
    isAsked = true
    fetchBalance().then(
      ({ currency }) => {
        known.value = currency
      },
      () => {
        isAsked = false
      },
    )
  }
  return known.value
}
