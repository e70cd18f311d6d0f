import { signal, useSignal } from '@preact/signals'
import type { Placed } from './document.ts'
import { examplesOf } from './example.ts'
import { texts } from './texts.ts'

const kinds = { curl: 'curl', javascript: 'JavaScript' } as const

/** For all examples: whoever reads one likes the others so too. */
const kind = signal<keyof typeof kinds>('curl')

export function CodeExample({ operation }: { operation: Placed }) {
  const t = texts.value
  const isCopied = useSignal(false)
  const code = examplesOf(operation)[kind.value]
  const copy = async () => {
    await navigator.clipboard?.writeText(code)
    isCopied.value = true
    setTimeout(() => {
      isCopied.value = false
    }, 2000)
  }
  return (
    <figure class="example">
      <figcaption>
        <fieldset>
          <legend class="visually-hidden">{t.example}</legend>
          {(Object.keys(kinds) as (keyof typeof kinds)[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={kind.value === one}
              onClick={() => {
                kind.value = one
              }}
            >
              {kinds[one]}
            </button>
          ))}
        </fieldset>
        <button type="button" onClick={() => void copy()}>
          {isCopied.value ? t.copied : t.copy}
        </button>
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
      >
        {code}
      </pre>
    </figure>
  )
}
