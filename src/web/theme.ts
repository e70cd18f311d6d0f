import { effect, signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** As chosen here before; `early.ts` has shown it already. */
export const theme = signal<Theme>(stored())

effect(() => {
  const { dataset } = document.documentElement
  if (theme.value === 'system') delete dataset.theme
  else dataset.theme = theme.value
})

export function chooseTheme(next: Theme): void {
  localStorage.setItem('theme', next)
  theme.value = next
}

function stored(): Theme {
  const name = localStorage.getItem('theme')
  return themes.find((known) => known === name) ?? 'system'
}
