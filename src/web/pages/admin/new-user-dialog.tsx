import type { Refusal } from '../../api.ts'
import { language } from '../../language.ts'
import { adminTexts } from '../../texts/admin.ts'
import { settingsTexts } from '../../texts/settings.ts'
import { texts } from '../../texts.ts'
import { Field, Select } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { forgetKept, keptSignal } from '../settings/kept.ts'
import { useSending } from '../settings/use-sending.ts'
import { createPerson, fetchSettings, type NewPerson } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { Person } from './lists-api.ts'
import { PlanSelect } from './plan-select.tsx'

const kept = 'admin-new-user'

interface Draft {
  email: string
  phone: string
  username: string
  display_name: string
  plan: string
  role: 'user' | 'admin'
  locale: 'zh' | 'en'
  delivery: 'mail' | 'link'
}

const textFields = ['email', 'username', 'phone', 'display_name'] as const

/** An account for somebody, whose password only he will know. */
export function NewUserDialog(props: {
  onClose: () => void
  onMade: (person: Person, link: string | null) => void
}) {
  const t = adminTexts.value
  const s = settingsTexts.value
  const draft = keptSignal<Draft>(kept, {
    email: '',
    phone: '',
    username: '',
    display_name: '',
    plan: '',
    role: 'user',
    locale: language.value,
    delivery: 'link',
  })
  const settings = useReading(fetchSettings).value.value
  const value = { ...draft.value, ...deliveryOf(draft.value, settings?.sends_mail ?? false) }
  const sending = useSending(draft.value, wordsFor)
  const change = (changes: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changes }
  }
  const labels = {
    email: s.email,
    username: s.username,
    phone: s.phone,
    display_name: s.displayName,
  }
  const hints = {
    email: t.oneNameNeeded,
    username: s.usernameHint,
    phone: s.phoneHint,
    display_name: s.displayNameHint,
  }
  const isNamed = [value.email, value.username, value.phone].some((name) => name.trim() !== '')

  return (
    <FormDialog
      title={t.newUserTitle}
      action={t.newUser}
      isReady={isNamed && (value.delivery === 'link' || value.email.trim() !== '')}
      sending={sending}
      onClose={() => {
        forgetKept(kept)
        props.onClose()
      }}
      act={async () => {
        const { user, password_link } = await createPerson(wishOf(value))
        forgetKept(kept)
        props.onMade(user, password_link)
      }}
    >
      {textFields.map((name) => (
        <Field
          key={name}
          label={labels[name]}
          hint={hints[name]}
          fault={sending.faultOf(name)}
          maxLength={160}
          autofocus={name === 'email'}
          autocomplete="off"
          value={value[name]}
          onInput={(event) => change({ [name]: event.currentTarget.value })}
        />
      ))}
      <Select
        label={t.role}
        hint={t.roleHint}
        value={value.role}
        options={[
          { value: 'user', label: t.roles.user },
          { value: 'admin', label: t.roles.admin },
        ]}
        onChange={(role) => change({ role })}
      />
      <PlanSelect
        first={[{ value: '', label: t.defaultPlan }]}
        hint={t.planHint}
        fault={sending.faultOf('plan')}
        value={value.plan}
        onChange={(plan) => change({ plan })}
      />
      <Select
        label={t.delivery}
        hint={value.delivery === 'mail' ? t.mailHint : t.linkHint}
        fault={sending.faultOf('delivery')}
        value={value.delivery}
        options={value.deliveries.map((one) => ({ value: one, label: t.deliveries[one] }))}
        onChange={(delivery) => change({ delivery })}
      />
      <Select
        label={t.mailLanguage}
        value={value.locale}
        options={[
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
        onChange={(locale) => change({ locale })}
      />
    </FormDialog>
  )
}

/** Whom mails reach, he alone sees the link; without an address there is nothing to send. */
function deliveryOf({ email, delivery }: Draft, sendsMail: boolean) {
  const deliveries: Draft['delivery'][] =
    email.trim() === '' ? ['link'] : sendsMail ? ['mail'] : ['link', 'mail']
  return { deliveries, delivery: deliveries.find((one) => one === delivery) ?? deliveries[0] ?? delivery }
}

/** Empty is not given. */
function wishOf({
  role,
  locale,
  delivery,
  deliveries: _,
  ...names
}: Draft & { deliveries: unknown }): NewPerson {
  const given = Object.entries(names).filter(([, text]) => text.trim() !== '')
  return { ...Object.fromEntries(given.map(([name, text]) => [name, text.trim()])), role, locale, delivery }
}

function wordsFor({ code, fields }: Refusal) {
  const t = adminTexts.value
  const s = settingsTexts.value
  if (code === 'email_taken') return { field: 'email', text: s.emailTaken }
  if (code === 'username_taken') return { field: 'username', text: s.usernameTaken }
  if (code === 'phone_taken') return { field: 'phone', text: s.phoneTaken }
  const unfit = {
    email: texts.value.emailInvalid,
    username: s.usernameHint,
    phone: s.phoneUnfit,
    display_name: s.displayNameUnfit,
    plan: t.planUnfit,
  }
  const field = ([...textFields, 'plan'] as const).find((name) => fields.includes(name))
  return field === undefined ? null : { field, text: unfit[field] }
}
