import { words } from '../texts/words.ts'

/** Something is on its way, and nobody knows how long it will take. */
export function Spinner() {
  return <div class="spinner" role="progressbar" aria-label={words.value.loading} />
}

/** How much of something there is: `value` of `max`. */
export function ProgressBar({ label, value, max }: { label: string; value: number; max: number }) {
  const share = max === 0 ? 0 : Math.min(1, Math.max(0, value / max))
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
    >
      <div style={{ width: `${share * 100}%` }} />
    </div>
  )
}
