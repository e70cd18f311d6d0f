import { shellTexts } from '../texts/shell.ts'
import { chooseTheme, theme, themes } from '../theme.ts'
import type { MenuItem } from '../ui/menu.tsx'

/** Of a menu: how the page looks. */
export function themeItems(): MenuItem[] {
  const t = shellTexts.value
  return themes.map((one) => ({
    label: t.themes[one],
    checked: theme.value === one,
    onChoose: () => chooseTheme(one),
  }))
}
