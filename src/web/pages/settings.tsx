import { chooseLanguage, type Language, language } from '../language.ts'
import { shellTexts } from '../texts/shell.ts'
import { chooseTheme, type Theme, theme, themes } from '../theme.ts'
import { Select } from '../ui/field.tsx'
import { Page } from './page.tsx'

const languages: { value: Language; label: string }[] = [
  { value: 'zh', label: '中文' },
  { value: 'en', label: 'English' },
]

export function Settings() {
  const t = shellTexts.value
  return (
    <Page title={t.settings}>
      <Select<Language>
        label={t.language}
        value={language.value}
        options={languages}
        onChange={chooseLanguage}
      />
      <Select<Theme>
        label={t.theme}
        value={theme.value}
        options={themes.map((value) => ({ value, label: t.themes[value] }))}
        onChange={chooseTheme}
      />
    </Page>
  )
}
