import { useSignal } from '@preact/signals'
import { account, accountName } from '../../account.ts'
import type { Refusal } from '../../api.ts'
import { settingsTexts } from '../../texts/settings.ts'
import { texts } from '../../texts.ts'
import { Field } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { changePassword } from './account-api.ts'
import { FormFoot } from './form-foot.tsx'
import { Section } from './section.tsx'
import { sessionsChanged } from './sessions.tsx'
import { useSending } from './use-sending.ts'

export function Password() {
  const t = settingsTexts.value
  const current = useSignal('')
  const next = useSignal('')
  const repeated = useSignal('')
  const sending = useSending(`${current.value} ${next.value}`, wordsFor)
  const differs = repeated.value !== '' && repeated.value !== next.value

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (next.value !== repeated.value) return
    await sending.send(async () => {
      await changePassword({ current_password: current.value, new_password: next.value })
      current.value = ''
      next.value = ''
      repeated.value = ''
      sessionsChanged.value++
      say(t.passwordChanged)
    })
  }

  return (
    <Section title={t.password} hint={t.passwordEnds}>
      <form class="settings-form" onSubmit={(event) => void save(event)}>
        {/* For what the browser keeps passwords in. */}
        <input
          type="text"
          hidden
          autocomplete="username"
          readOnly
          value={account.value === null ? '' : accountName(account.value)}
        />
        <Field
          label={t.currentPassword}
          fault={sending.faultOf('current_password')}
          type="password"
          autocomplete="current-password"
          required
          maxLength={256}
          text={current}
        />
        <Field
          label={t.newPassword}
          hint={texts.value.passwordHint}
          fault={sending.faultOf('new_password')}
          type="password"
          autocomplete="new-password"
          required
          maxLength={256}
          text={next}
        />
        <Field
          label={t.repeatPassword}
          fault={differs ? t.passwordsDiffer : null}
          type="password"
          autocomplete="new-password"
          required
          maxLength={256}
          text={repeated}
        />
        <FormFoot sending={sending} action={t.changePassword} isReady={!differs} />
      </form>
    </Section>
  )
}

function wordsFor({ fields }: Refusal) {
  if (fields.includes('current_password')) {
    return { field: 'current_password', text: settingsTexts.value.wrongPassword }
  }
  return fields.includes('new_password') ? { field: 'new_password', text: texts.value.passwordWeak } : null
}
