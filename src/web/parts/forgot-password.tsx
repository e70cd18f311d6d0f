import { useSignal } from '@preact/signals'
import { requestReset } from '../api.ts'
import { texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Link } from './link.tsx'
import { Notice } from './notice.tsx'

export function ForgotPassword() {
  const sent = useSignal(false)
  const t = texts.value
  if (sent.value) return <Notice title={t.forgotTitle} text={t.forgotSent} to="login" link={t.logIn} />
  return (
    <Form
      title={t.forgotTitle}
      button={t.sendLink}
      onSend={async ({ email = '' }) => {
        await requestReset(email.trim())
        sent.value = true
      }}
      footer={<Link to="login">{t.logIn}</Link>}
    >
      <p class="hint">{t.forgotIntro}</p>
      <Field name="email" label={t.email} autocomplete="email" maxLength={254} />
    </Form>
  )
}
