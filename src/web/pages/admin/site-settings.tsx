import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { models, readModels } from '../../models.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { readSite } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import { askFirst } from '../../ui/confirm.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { unfitField } from '../../unfit-field.ts'
import { useReading } from '../../use-reading.ts'
import { FormFoot } from '../settings/form-foot.tsx'
import { useSending } from '../settings/use-sending.ts'
import { fetchSettings, type SiteSettings as Settings, updateSettings } from './admin-api.ts'
import { Part } from './part.tsx'

/** What of this place changes while it runs. */
export function SiteSettings() {
  const t = adminTexts.value
  const reading = useReading(fetchSettings)
  const settings = reading.value.value
  return (
    <Part title={t.names.settings} hint={t.settingsHint}>
      {settings === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <Form
          settings={settings}
          onSaved={(next) => {
            reading.value.value = next
          }}
        />
      )}
    </Part>
  )
}

const registrations = ['open', 'invite', 'closed'] as const

function Form({ settings, onSaved }: { settings: Settings; onSaved: (settings: Settings) => void }) {
  const t = adminTexts.value
  const draft = useSignal(draftOf(settings))
  const { value } = draft
  const sending = useSending(value, wordsFor)
  const changes = changesOf(value, settings)
  const isChanged = Object.keys(changes).length > 0
  const change = (some: Partial<typeof value>) => {
    draft.value = { ...draft.value, ...some }
  }
  const save = async (event: Event) => {
    event.preventDefault()
    if (!isChanged || !(await isMeant(changes.registration))) return
    await sending.send(async () => {
      const saved = await updateSettings(changes)
      onSaved(saved)
      draft.value = draftOf(saved)
      say(words.value.saved)
      await Promise.all([readSite(), readModels()])
    })
  }

  return (
    <form class="settings-form" onSubmit={(event) => void save(event)}>
      <Field
        label={t.siteName}
        hint={t.siteNameHint}
        fault={sending.faultOf('site_name')}
        maxLength={60}
        value={value.site_name}
        onInput={(event) => change({ site_name: event.currentTarget.value })}
      />
      <Field
        label={t.footer}
        hint={t.footerHint}
        fault={sending.faultOf('footer')}
        maxLength={500}
        value={value.footer}
        onInput={(event) => change({ footer: event.currentTarget.value })}
      />
      <Select
        label={t.registration}
        hint={t.registrationHints[value.registration]}
        value={value.registration}
        options={registrations.map((name) => ({ value: name, label: t.registrations[name] }))}
        onChange={(registration) => change({ registration })}
      />
      <Select
        label={t.defaultModel}
        hint={t.defaultModelHint}
        fault={sending.faultOf('default_model')}
        value={value.default_model}
        options={[{ value: '', label: t.asEnvironment }, ...modelOptions(value.default_model)]}
        onChange={(default_model) => change({ default_model })}
      />
      <FormFoot sending={sending} action={words.value.save} isReady={isChanged} />
    </form>
  )
}

function draftOf({ site_name, footer, registration, default_model }: Settings) {
  return { site_name, footer: footer ?? '', registration, default_model: default_model ?? '' }
}

/** Empty goes back to what the environment says. */
function changesOf(draft: ReturnType<typeof draftOf>, settings: Settings) {
  const name = draft.site_name.trim()
  const footer = draft.footer.trim()
  const { registration, default_model: model } = draft
  return {
    ...(name === settings.site_name ? {} : { site_name: name || null }),
    ...(footer === (settings.footer ?? '') ? {} : { footer: footer || null }),
    ...(registration === settings.registration ? {} : { registration }),
    ...(model === (settings.default_model ?? '') ? {} : { default_model: model || null }),
  }
}

/** Who opens the door or shuts it is told what that means. */
async function isMeant(registration: Settings['registration'] | undefined): Promise<boolean> {
  if (registration === undefined) return true
  const t = adminTexts.value
  return askFirst({
    title: `${t.registration}: ${t.registrations[registration]}?`,
    text: t.registrationHints[registration],
    action: words.value.save,
    isDangerous: registration === 'open',
  })
}

/** A provider may stand there too, or a model that is away. */
function modelOptions(current: string) {
  const offered = models.value.map(({ id, name }) => ({ value: id, label: name }))
  if (current === '' || offered.some(({ value }) => value === current)) return offered
  return [{ value: current, label: current }, ...offered]
}

function wordsFor(refusal: Refusal) {
  const t = adminTexts.value
  return unfitField(refusal, {
    site_name: t.siteNameUnfit,
    footer: t.footerUnfit,
    default_model: t.defaultModelUnfit,
  })
}
