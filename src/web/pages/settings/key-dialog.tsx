import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { Refusal } from '../../api.ts'
import { models } from '../../models.ts'
import { LimitFields } from '../../parts/limit-fields.tsx'
import { pictureModels } from '../../pictures.ts'
import { keyTexts } from '../../texts/keys.ts'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Field, TextArea } from '../../ui/field.tsx'
import { forgetKept, keptSignal } from './kept.ts'
import { draftOf, faultsOf, isFaulty, type KeyDraft, scopes, wishOf } from './key-draft.ts'
import { createKey, type Key, type MadeKey, updateKey } from './keys-api.ts'
import { useSending } from './use-sending.ts'

interface Props {
  /** null: one that is to be made. */
  apiKey: Key | null
  onClose: () => void
  onMade: (key: MadeKey) => void
  onChanged: (key: Key) => void
}

/** What a key may be used for. */
export function KeyDialog({ apiKey, onClose, onMade, onChanged }: Props) {
  const t = keyTexts.value
  const id = useId()
  const name = `key-${apiKey?.id ?? 'new'}`
  const draft = keptSignal(name, draftOf(apiKey))
  const sending = useSending(draft.value, wordsFor)
  const faults = faultsOf(draft.value)

  const close = () => {
    forgetKept(name)
    onClose()
  }
  const save = async (event: Event) => {
    event.preventDefault()
    if (isFaulty(draft.value)) return
    await sending.send(async () => {
      const wish = wishOf(draft.value, apiKey)
      if (apiKey === null) onMade(await createKey(wish))
      else onChanged(await updateKey(apiKey.id, wish))
      forgetKept(name)
    })
  }

  return (
    <Dialog
      title={apiKey === null ? t.createTitle : t.editTitle}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{words.value.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            disabled={isFaulty(draft.value)}
            busy={sending.isSending}
          >
            {apiKey === null ? t.make : words.value.save}
          </Button>
        </>
      }
    >
      <form id={id} class="key-form" onSubmit={(event) => void save(event)}>
        <Field
          label={t.name}
          hint={t.nameHint}
          fault={sending.faultOf('name')}
          maxLength={100}
          required
          autofocus
          value={draft.value.name}
          onInput={(event) => change(draft, { name: event.currentTarget.value })}
        />
        <Scopes draft={draft} fault={faults.scopes} />
        <Models draft={draft} fault={faults.models ?? sending.faultOf('models')} />
        <Field
          label={t.expires}
          hint={t.expiresHint}
          fault={sending.faultOf('expires_at')}
          type="date"
          value={draft.value.lastDay}
          onInput={(event) => change(draft, { lastDay: event.currentTarget.value })}
        />
        <TextArea
          label={t.addresses}
          hint={t.addressesHint}
          fault={sending.faultOf('allowed_addresses')}
          rows={2}
          value={draft.value.addresses}
          onInput={(event) => change(draft, { addresses: event.currentTarget.value })}
        />
        <Limits draft={draft} />
        {sending.fault && (
          <p class="refusal" role="alert">
            {sending.fault}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function change(draft: Signal<KeyDraft>, changes: Partial<KeyDraft>): void {
  draft.value = { ...draft.value, ...changes }
}

function Scopes({ draft, fault }: { draft: Signal<KeyDraft>; fault: string | null }) {
  const t = keyTexts.value
  const { value } = draft
  return (
    <fieldset class="choices">
      <legend>{t.scopes}</legend>
      {scopes.map((scope) => (
        <Checkbox
          key={scope}
          label={t.scopeNames[scope]}
          checked={value.scopes.includes(scope)}
          onChange={(isOn) => change(draft, { scopes: toggled(value.scopes, scope, isOn) })}
        />
      ))}
      {fault && <small class="refusal">{fault}</small>}
    </fieldset>
  )
}

function Models({ draft, fault }: { draft: Signal<KeyDraft>; fault: string | null }) {
  const t = keyTexts.value
  const { value } = draft
  const speakers = models.value.map(({ id, name }) => ({ id, name }))
  const painters = pictureModels.value.filter(({ id }) => speakers.every((model) => model.id !== id))
  const offered = [...speakers, ...painters]
  // It may name some that are not offered now.
  const gone = value.models.filter((id) => offered.every((model) => model.id !== id))
  return (
    <fieldset class="choices">
      <legend>{t.models}</legend>
      <Checkbox
        label={t.onlyModels}
        checked={value.hasModels}
        onChange={(hasModels) => change(draft, { hasModels })}
      />
      {value.hasModels && (
        <div class="choice-list">
          {[...offered, ...gone.map((id) => ({ id, name: id }))].map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={value.models.includes(id)}
              onChange={(isOn) => change(draft, { models: toggled(value.models, id, isOn) })}
            />
          ))}
        </div>
      )}
      {fault && <small class="refusal">{fault}</small>}
    </fieldset>
  )
}

function Limits({ draft }: { draft: Signal<KeyDraft> }) {
  const t = keyTexts.value
  const { value } = draft
  const faults = faultsOf(value)
  const hasSome = Object.values(value.limits).some((text) => text !== '') || value.rateCount !== ''
  return (
    <details class="filters" open={hasSome}>
      <summary>{t.restrictions}</summary>
      <p class="hint">{t.restrictionsHint}</p>
      <div class="filter-row">
        <LimitFields value={value.limits} onChange={(limits) => change(draft, { limits })} />
        <Field
          label={t.rate}
          type="number"
          min={1}
          fault={faults.rate}
          value={value.rateCount}
          onInput={(event) => change(draft, { rateCount: event.currentTarget.value })}
        />
        <Field
          label={t.rateWindow}
          type="number"
          min={1}
          value={value.rateSeconds}
          onInput={(event) => change(draft, { rateSeconds: event.currentTarget.value })}
        />
      </div>
    </details>
  )
}

function toggled<Item>(items: readonly Item[], item: Item, isOn: boolean): Item[] {
  const others = items.filter((one) => one !== item)
  return isOn ? [...others, item] : others
}

const unfit = {
  name: 'nameHint',
  models: 'modelsUnfit',
  expires_at: 'expiryUnfit',
  allowed_addresses: 'addressesUnfit',
} as const

function wordsFor({ code, fields }: Refusal) {
  const t = keyTexts.value
  if (code === 'conflict') return { field: '', text: t.tooMany }
  for (const [field, text] of Object.entries(unfit)) {
    if (fields.includes(field)) return { field, text: t[text] }
  }
  return null
}
