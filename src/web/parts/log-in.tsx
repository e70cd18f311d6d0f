import { logIn } from '../account.ts'
import { goTo } from '../place.ts'
import { texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Link } from './link.tsx'

export function LogIn() {
  const t = texts.value
  return (
    <Form
      title={t.logIn}
      button={t.logIn}
      onSend={async ({ identifier = '', password = '' }) => {
        await logIn(identifier, password)
        goTo('chat')
      }}
      footer={
        <>
          <Link to="forgot_password">{t.forgotPassword}</Link>
          <span>
            {t.noAccount} <Link to="register">{t.register}</Link>
          </span>
        </>
      }
    >
      <Field name="identifier" label={t.email} hint={t.emailHint} autocomplete="username" maxLength={254} />
      <Field name="password" label={t.password} password autocomplete="current-password" maxLength={256} />
    </Form>
  )
}
