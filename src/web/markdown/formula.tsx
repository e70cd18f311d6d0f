import { signal, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Formula } from './formula-grammar.ts'
import { whenThereIsTime } from './spare-time.ts'

type Draw = typeof import('./draw-formula.ts').drawFormula

/** null until the first formula appears anywhere. */
const draw = signal<Draw | null>(null)
let isLoading = false

/** A formula; its source until it can be drawn, and for good where it is none. */
export function FormulaView({ formula }: { formula: Formula }) {
  const { raw, tex, isDisplay, isOpen } = formula
  const style = isDisplay ? 'formula display' : 'formula'
  if (isOpen) return <Source text={raw} style={style} />
  return <Drawn key={`${isDisplay} ${tex}`} raw={raw} tex={tex} isDisplay={isDisplay} style={style} />
}

function Drawn({ raw, tex, isDisplay, style }: Omit<Formula, 'type' | 'isOpen'> & { style: string }) {
  const stage = useRef<HTMLSpanElement>(null)
  const isDrawn = useSignal(false)
  const drawNow = draw.value
  useEffect(load, [])
  useLayoutEffect(() => {
    const element = stage.current
    if (drawNow === null || element === null) return
    return whenThereIsTime(() => {
      isDrawn.value = drawNow(tex, element, isDisplay)
    })
  }, [drawNow])
  return (
    <>
      <span class={style} ref={stage} hidden={!isDrawn.value} tabIndex={isDisplay ? 0 : undefined} />
      {!isDrawn.value && <Source text={raw} style={style} />}
    </>
  )
}

function Source({ text, style }: { text: string; style: string }) {
  return <span class={`${style} source`}>{text.trimEnd()}</span>
}

function load(): void {
  if (isLoading) return
  isLoading = true
  loadDrawing().then(
    (loaded) => {
      draw.value = loaded
    },
    () => {
      // The source stays; the next formula tries again.
      isLoading = false
    },
  )
}

async function loadDrawing(): Promise<Draw> {
  const { drawFormula, loadStyles } = await import('./draw-formula.ts')
  await loadStyles()
  return drawFormula
}
