import { register } from '../account.ts'
import { goTo } from '../place.ts'
import { texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Link } from './link.tsx'

export function Register() {
  const t = texts.value
  return (
    <Form
      title={t.register}
      button={t.register}
      onSend={async ({ email = '', password = '', displayName = '' }) => {
        await register(email.trim(), password, displayName.trim())
        goTo('chat')
      }}
      footer={
        <span>
          {t.haveAccount} <Link to="login">{t.logIn}</Link>
        </span>
      }
    >
      <Field name="email" label={t.email} autocomplete="email" maxLength={254} />
      <Field
        name="password"
        label={t.password}
        hint={t.passwordHint}
        password
        autocomplete="new-password"
        maxLength={256}
      />
      <Field name="displayName" label={t.displayName} autocomplete="nickname" maxLength={80} optional />
    </Form>
  )
}
