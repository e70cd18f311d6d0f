import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { drawDiagram } from './draw-diagram.ts'
import { markdownTexts } from './texts.ts'

type State = 'source' | 'drawing' | 'failed' | { picture: string }

/** What is behind the button that draws a diagram. Mermaid is large: it is loaded when somebody asks for it. */
export function useDiagram(code: string) {
  const state = useSignal<State>('source')
  // Another text is another diagram.
  useEffect(() => () => forget(state.peek()), [])
  useEffect(() => {
    forget(state.peek())
    state.value = 'source'
  }, [code])

  const toggle = async () => {
    const { value } = state
    if (value === 'drawing') return
    if (typeof value === 'object') {
      forget(value)
      state.value = 'source'
      return
    }
    state.value = 'drawing'
    const picture = await drawDiagram({ code, isDark: isDark() })
    state.value = picture === null ? 'failed' : { picture: URL.createObjectURL(picture) }
  }

  const { value } = state
  return { state: value, picture: typeof value === 'object' ? value.picture : null, toggle }
}

export function DiagramButton({ state, picture, toggle }: ReturnType<typeof useDiagram>) {
  const t = markdownTexts.value
  return (
    <>
      <span role="status">{state === 'failed' && t.noDiagram}</span>
      <button type="button" aria-busy={state === 'drawing'} onClick={() => void toggle()}>
        {picture === null ? t.drawDiagram : t.showSource}
      </button>
    </>
  )
}

function forget(state: State): void {
  if (typeof state === 'object') URL.revokeObjectURL(state.picture)
}

/** As the page looks now, whether that was chosen or is the device's. */
function isDark(): boolean {
  const { colorScheme } = getComputedStyle(document.documentElement)
  return colorScheme.includes('light')
    ? colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches
    : colorScheme.includes('dark')
}
