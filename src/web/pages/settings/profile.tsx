import { account } from '../../account.ts'
import type { Refusal } from '../../api.ts'
import { formatDay } from '../../format.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { type SettingsTextKey, settingsTexts } from '../../texts/settings.ts'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { useReading } from '../../use-reading.ts'
import { fetchPerson, type Person, type PersonChanges, updatePerson } from './account-api.ts'
import { forgetKept, keptSignal } from './kept.ts'
import { Section } from './section.tsx'
import { useSending } from './use-sending.ts'

/** What somebody is called, and how he can be reached. */
export function Profile() {
  const t = settingsTexts.value
  const reading = useReading(fetchPerson)
  const person = reading.value.value
  return (
    <Section title={t.names.profile} hint={t.profileHint}>
      {person === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <ProfileForm
          person={person}
          onChanged={(changed) => {
            reading.value.value = changed
          }}
        />
      )}
    </Section>
  )
}

const names = ['display_name', 'username', 'email', 'phone'] as const
type Name = (typeof names)[number]

function ProfileForm({ person, onChanged }: { person: Person; onChanged: (person: Person) => void }) {
  const t = settingsTexts.value
  const draft = keptSignal<Partial<Record<Name, string>>>('profile', {})
  const proof = keptSignal('profile-proof', '')
  const sending = useSending(draft.value, wordsFor)
  const changes = changesOf(person, draft.value)
  const needsProof = 'email' in changes || 'phone' in changes
  const after = { ...person, ...changes }
  const isNameless = after.username === null && after.email === null && after.phone === null
  const fault = isNameless ? t.nameless : sending.fault

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    await sending.send(async () => {
      const changed = await updatePerson({
        ...changes,
        ...(needsProof ? { current_password: proof.value === '' ? null : proof.value } : {}),
      })
      account.value = changed
      onChanged(changed)
      forgetKept('profile')
      forgetKept('profile-proof')
      say(words.value.saved)
    })
  }
  const field = (name: Name) => ({
    value: draft.value[name] ?? person[name] ?? '',
    fault: sending.faultOf(name),
    onInput: (event: { currentTarget: { value: string } }) => {
      draft.value = { ...draft.value, [name]: event.currentTarget.value }
    },
  })

  return (
    <form class="settings-form" onSubmit={(event) => void save(event)}>
      <Field
        label={t.displayName}
        hint={t.displayNameHint}
        autocomplete="nickname"
        maxLength={160}
        {...field('display_name')}
      />
      <Field
        label={t.username}
        hint={t.usernameHint}
        autocomplete="off"
        maxLength={64}
        {...field('username')}
      />
      <Field label={t.email} hint={t.emailHint} autocomplete="email" maxLength={254} {...field('email')} />
      <Field label={t.phone} hint={t.phoneHint} autocomplete="off" maxLength={32} {...field('phone')} />
      {needsProof && (
        <Field
          label={t.currentPassword}
          hint={t.provePassword}
          fault={sending.faultOf('current_password')}
          type="password"
          autocomplete="current-password"
          required
          maxLength={256}
          text={proof}
        />
      )}
      {fault && (
        <p class="refusal" role="alert">
          {fault}
        </p>
      )}
      <div class="settings-foot">
        <Button
          type="submit"
          look="primary"
          disabled={isNameless || Object.keys(changes).length === 0}
          busy={sending.isSending}
        >
          {words.value.save}
        </Button>
        <span class="hint">{t.memberSince(formatDay(person.created_at))}</span>
      </div>
    </form>
  )
}

/** Only what is different from what it was. */
function changesOf(person: Person, draft: Partial<Record<Name, string>>): PersonChanges {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = draft[name]?.trim()
      if (text === undefined || text === (person[name] ?? '')) return []
      return [[name, text === '' ? null : text]]
    }),
  )
}

const unfit: Record<string, SettingsTextKey> = {
  display_name: 'displayNameUnfit',
  username: 'usernameHint',
  email: 'emailUnfit',
  phone: 'phoneUnfit',
  current_password: 'wrongPassword',
}
const taken: Record<string, { field: Name; text: SettingsTextKey }> = {
  username_taken: { field: 'username', text: 'usernameTaken' },
  email_taken: { field: 'email', text: 'emailTaken' },
  phone_taken: { field: 'phone', text: 'phoneTaken' },
}

function wordsFor({ code, fields }: Refusal) {
  const t = settingsTexts.value
  const owned = taken[code]
  if (owned !== undefined) return { field: owned.field, text: t[owned.text] }
  if (code !== 'invalid_request') return null
  const field = fields.find((name) => name in unfit)
  const text = field === undefined ? undefined : unfit[field]
  return field === undefined || text === undefined ? null : { field, text: t[text] }
}
