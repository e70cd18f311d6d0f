import { logIn } from '../account.ts'
import { goTo, page } from '../place.ts'
import { site } from '../site.ts'
import { type TextKey, texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Link } from './link.tsx'

/** `notice`: why it stands where something else was asked for, which then is shown. */
export function LogIn({ notice }: { notice?: TextKey }) {
  const t = texts.value
  return (
    <Form
      title={t.logIn}
      button={t.logIn}
      onSend={async ({ identifier = '', password = '' }) => {
        await logIn(identifier, password)
        if (page.value === 'login') goTo('chat')
      }}
      footer={
        <>
          <Link to="forgot_password">{t.forgotPassword}</Link>
          {site.value.registration !== 'closed' && (
            <span>
              {t.noAccount} <Link to="register">{t.register}</Link>
            </span>
          )}
        </>
      }
    >
      {notice && <p role="status">{t[notice]}</p>}
      <Field name="identifier" label={t.email} hint={t.emailHint} autocomplete="username" maxLength={254} />
      <Field name="password" label={t.password} password autocomplete="current-password" maxLength={256} />
    </Form>
  )
}
