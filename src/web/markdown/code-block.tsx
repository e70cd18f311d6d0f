import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useContext, useEffect } from 'preact/hooks'
import { CopyButton } from './copy-button.tsx'
import { DiagramButton, useDiagram } from './diagram.tsx'
import { Growing } from './growing.ts'
import { whenThereIsTime } from './spare-time.ts'
import { markdownTexts } from './texts.ts'

/** More than this is a file, and colouring it would keep the page busy. */
const longestColoured = 30_000

/** A block of code: coloured when it is finished and there is time. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const t = markdownTexts.value
  const isWrapped = useSignal(false)
  const coloured = useColours(code, language)
  const diagram = useDiagram(code)
  const isDiagram = language === 'mermaid' && !useContext(Growing)
  return (
    <figure class="code">
      <figcaption>
        <span class="language">{language || t.code}</span>
        {isDiagram && <DiagramButton {...diagram} />}
        {diagram.picture === null && (
          <button
            type="button"
            aria-pressed={isWrapped.value}
            onClick={() => {
              isWrapped.value = !isWrapped.value
            }}
          >
            {t.wrapLines}
          </button>
        )}
        <CopyButton text={code} />
      </figcaption>
      {diagram.picture === null ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
        <pre class={isWrapped.value ? 'wrapped' : undefined} tabIndex={0}>
          <code>{coloured ?? code}</code>
        </pre>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
        // biome-ignore lint/a11y/useSemanticElements: it is no set of fields
        <div class="diagram" tabIndex={0} role="group" aria-label={t.diagram}>
          <img src={diagram.picture} alt={t.diagram} />
        </div>
      )}
    </figure>
  )
}

/** null: as it is. */
function useColours(code: string, language: string): ComponentChildren | null {
  const isGrowing = useContext(Growing)
  const coloured = useSignal<{ code: string; children: ComponentChildren } | null>(null)
  useEffect(() => {
    if (isGrowing || language === '' || code.length > longestColoured) return
    let stop: (() => void) | null = null
    let isUnwanted = false
    import('./colour-code.ts').then(
      ({ colourCode }) => {
        if (isUnwanted) return
        stop = whenThereIsTime(() => {
          const children = colourCode(code, language)
          if (children !== null) coloured.value = { code, children }
        })
      },
      () => undefined, // It is read without colours, too.
    )
    return () => {
      isUnwanted = true
      stop?.()
    }
  }, [code, language, isGrowing])
  return coloured.value?.code === code ? coloured.value.children : null
}
