import { useSignal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { Refusal, resetPassword } from '../api.ts'
import { texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Notice } from './notice.tsx'

export function ResetPassword() {
  const [token] = useState(takeTokenFromAddress)
  const done = useSignal(false)
  const isUseless = useSignal(false)
  const t = texts.value
  if (done.value) return <Notice title={t.resetTitle} text={t.resetDone} to="login" link={t.logIn} />
  if (token === '' || isUseless.value) {
    const text = token === '' ? t.resetNoToken : t.linkInvalid
    return <Notice title={t.resetTitle} text={text} to="forgot_password" link={t.forgotTitle} />
  }
  return (
    <Form
      title={t.resetTitle}
      button={t.savePassword}
      onSend={async ({ password = '' }) => {
        try {
          await resetPassword(token, password)
          done.value = true
        } catch (error) {
          // No other password would help.
          if (!(error instanceof Refusal) || error.text !== 'linkInvalid') throw error
          isUseless.value = true
        }
      }}
    >
      <Field
        name="password"
        label={t.newPassword}
        hint={t.passwordHint}
        password
        autocomplete="new-password"
        maxLength={256}
      />
    </Form>
  )
}

/** Reads the token from `#token=` or `?token=`, then takes it out of the address bar and the history. */
function takeTokenFromAddress(): string {
  const token =
    new URLSearchParams(location.hash.slice(1)).get('token') ??
    new URLSearchParams(location.search).get('token') ??
    ''
  history.replaceState(null, '', location.pathname)
  return token
}
