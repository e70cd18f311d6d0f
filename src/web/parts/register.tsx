import { register } from '../account.ts'
import { goTo } from '../place.ts'
import { site } from '../site.ts'
import { texts } from '../texts.ts'
import { Field, Form } from './form.tsx'
import { Link } from './link.tsx'
import { Notice } from './notice.tsx'

export function Register() {
  const t = texts.value
  // As it stands in the link that somebody was sent.
  const invited = new URLSearchParams(location.search).get('invite') ?? ''
  if (site.value.registration === 'closed') {
    return <Notice title={t.register} text={t.registrationClosed} to="login" link={t.logIn} />
  }
  return (
    <Form
      title={t.register}
      button={t.register}
      onSend={async ({ email = '', password = '', displayName = '', invite = '' }) => {
        await register(email.trim(), password, displayName.trim(), invite.trim())
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
      {site.value.registration === 'invite' && (
        <Field name="invite" label={t.inviteCode} value={invited} autocomplete="off" maxLength={100} />
      )}
      <Field name="displayName" label={t.displayName} autocomplete="nickname" maxLength={80} optional />
    </Form>
  )
}
