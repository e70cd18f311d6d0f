import { effect, signal } from '@preact/signals'
import { storage } from './storage.ts'

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
  storage.setItem('theme', next)
  theme.value = next
}

function stored(): Theme {
  const name = storage.getItem('theme')
  return themes.find((known) => known === name) ?? 'system'
}
