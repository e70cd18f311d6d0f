import { type Language, language } from '../../language.ts'
import { models } from '../../models.ts'
import { forgetModel, lastModel, rememberModel } from '../../new-chat.ts'
import { speak } from '../../speak.ts'
import { settingsTexts } from '../../texts/settings.ts'
import { shellTexts } from '../../texts/shell.ts'
import { chooseTheme, type Theme, theme, themes } from '../../theme.ts'
import { Select, TextArea } from '../../ui/field.tsx'
import { rememberPrompt, usualPrompt } from '../../usual-prompt.ts'
import { Section } from './section.tsx'

const languages: { value: Language; label: string }[] = [
  { value: 'zh', label: '中文' },
  { value: 'en', label: 'English' },
]

/** What this browser remembers; the language also the service, for its letters. */
export function Preferences() {
  const t = settingsTexts.value
  const shell = shellTexts.value
  const choices = models.value.filter(({ available }) => available)
  return (
    <Section title={t.names.preferences} hint={t.preferencesHint}>
      <div class="settings-form">
        <Select<Language>
          label={shell.language}
          hint={t.languageHint}
          value={language.value}
          options={languages}
          onChange={speak}
        />
        <Select<Theme>
          label={shell.theme}
          value={theme.value}
          options={themes.map((value) => ({ value, label: shell.themes[value] }))}
          onChange={chooseTheme}
        />
        <Select
          label={t.defaultModel}
          value={lastModel.value ?? ''}
          options={[
            { value: '', label: t.serviceDefault },
            ...choices.map(({ id, name, provider }) => ({ value: id, label: `${name} (${provider})` })),
          ]}
          onChange={(id) => (id === '' ? forgetModel() : rememberModel(id))}
        />
        <TextArea
          label={t.usualPrompt}
          hint={t.usualPromptHint}
          maxLength={10_000}
          defaultValue={usualPrompt()}
          onInput={({ currentTarget }) => rememberPrompt(currentTarget.value)}
        />
      </div>
    </Section>
  )
}
