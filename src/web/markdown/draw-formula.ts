import katex from 'katex'
import { home } from '../place.ts'

/** False when it is no formula that can be drawn. */
export function drawFormula(tex: string, element: HTMLElement, displayMode: boolean): boolean {
  try {
    katex.render(tex, element, {
      displayMode,
      // What it may not do: links, pictures, classes; grow without end.
      trust: false,
      maxSize: 30,
      maxExpand: 300,
      // Chinese in a formula is not worth a warning.
      strict: 'ignore',
      throwOnError: true,
    })
    return true
  } catch {
    element.replaceChildren()
    return false
  }
}

/** Resolves when formulas can be drawn as they should look. */
export function loadStyles(): Promise<void> {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = `${home()}katex-${katex.version}.css`
  return new Promise((resolve, reject) => {
    link.onload = () => resolve()
    link.onerror = () => {
      link.remove()
      reject(new Error(`${link.href} cannot be loaded`))
    }
    document.head.append(link)
  })
}
