import type { Signal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { currencyOf } from '../../currency.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import { Checkbox, Field, Select, TextArea } from '../../ui/field.tsx'
import { useReading } from '../../use-reading.ts'
import { forgetKept, keptSignal } from '../settings/kept.ts'
import { type Sending, useSending } from '../settings/use-sending.ts'
import { createModel, fetchProviders, type Provider, updateModel } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { StoredModel } from './lists-api.ts'
import { capabilityNames, draftOf, type ModelDraft, priceNames, wishOf } from './model-draft.ts'

interface Props {
  /** null: one that is to be entered. */
  model: StoredModel | null
  onClose: () => void
  onSaved: (text: string) => void
}

/** All that is said of a model. */
export function ModelDialog({ model, onClose, onSaved }: Props) {
  const t = adminTexts.value
  const name = `admin-model-${model?.id ?? 'new'}`
  const draft = keptSignal(name, draftOf(model))
  const sending = useSending(draft.value, wordsFor)
  const providers = useReading(fetchProviders)
  const known = providers.value.value

  return (
    <FormDialog
      title={model === null ? t.newModelTitle : model.name}
      action={model === null ? t.newModel : words.value.save}
      isReady={draft.value.provider !== '' && draft.value.upstream.trim() !== ''}
      sending={sending}
      onClose={() => {
        forgetKept(name)
        onClose()
      }}
      act={async () => {
        const wish = wishOf(draft.value)
        // Of those that the settings name the service knows that they only draw.
        const { draws, ...others } = wish
        const saved =
          model === null
            ? await createModel({ ...others, ...(draws && { draws }) })
            : await updateModel(model.id, wish)
        forgetKept(name)
        onSaved(t.saved(saved.name))
      }}
    >
      {known === null ? (
        <NotRead fault={providers.fault} onAgain={providers.readAgain} />
      ) : (
        <Fields draft={draft} sending={sending} providers={known} />
      )}
    </FormDialog>
  )
}

interface FieldsProps {
  draft: Signal<ModelDraft>
  sending: Sending
}

function Fields({ draft, sending, providers }: FieldsProps & { providers: Provider[] }) {
  const t = adminTexts.value
  const { value } = draft
  const text = (name: 'upstream' | 'model_id' | 'name' | 'plans', label: string, hint: string) => (
    <Field
      label={label}
      hint={hint}
      fault={sending.faultOf(name)}
      maxLength={200}
      autocomplete="off"
      value={value[name]}
      onInput={(event) => change(draft, { [name]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <Select
        label={t.provider}
        hint={t.providerOfModelHint}
        fault={sending.faultOf('provider')}
        value={value.provider}
        options={[
          { value: '', label: t.choose },
          ...namesOf(providers, value.provider).map((name) => ({ value: name, label: name })),
        ]}
        onChange={(provider) => change(draft, { provider })}
      />
      {text('upstream', t.upstream, t.upstreamHint)}
      {text('name', t.shownName, t.shownNameHint)}
      {text('model_id', t.modelId, t.modelIdHint)}
      <Checkbox
        label={t.isEnabled}
        checked={value.enabled}
        onChange={(enabled) => change(draft, { enabled })}
      />
      <Numbers draft={draft} sending={sending} />
      <Prices draft={draft} sending={sending} />
      <Field
        label={t.picturePrice(currencyOf())}
        hint={t.picturePriceHint}
        fault={sending.faultOf('picture_price')}
        type="number"
        min={0}
        step="any"
        value={value.picture_price}
        onInput={(event) => change(draft, { picture_price: event.currentTarget.value })}
      />
      <Checkbox label={t.draws} checked={value.draws} onChange={(draws) => change(draft, { draws })} />
      <Capabilities draft={draft} />
      {text('plans', t.plans, t.plansHint)}
      <TextArea
        label={t.fallbacks}
        hint={t.fallbacksHint}
        fault={sending.faultOf('fallbacks')}
        rows={2}
        value={value.fallbacks}
        onInput={(event) => change(draft, { fallbacks: event.currentTarget.value })}
      />
    </>
  )
}

function Numbers({ draft, sending }: FieldsProps) {
  const t = adminTexts.value
  const labels = {
    context_window: t.contextWindow,
    max_output_tokens: t.longestAnswer,
    position: t.position,
  }
  const names = ['context_window', 'max_output_tokens', 'position'] as const
  return (
    <div class="filter-row">
      {names.map((name) => (
        <Field
          key={name}
          label={labels[name]}
          type="number"
          step={1}
          fault={sending.faultOf(name)}
          value={draft.value[name]}
          onInput={(event) => change(draft, { [name]: event.currentTarget.value })}
        />
      ))}
    </div>
  )
}

function Prices({ draft, sending }: FieldsProps) {
  const t = adminTexts.value
  const { prices } = draft.value
  const fault = sending.faultOf('prices')
  return (
    <fieldset class="choices">
      <legend>{t.pricesTitle(currencyOf())}</legend>
      <div class="filter-row">
        {priceNames.map((name) => (
          <Field
            key={name}
            label={t.priceNames[name]}
            type="number"
            min={0}
            step="any"
            value={prices[name]}
            onInput={(event) => change(draft, { prices: { ...prices, [name]: event.currentTarget.value } })}
          />
        ))}
      </div>
      {fault ? <small class="refusal">{fault}</small> : <small class="hint">{t.pricesHint}</small>}
    </fieldset>
  )
}

function Capabilities({ draft }: { draft: Signal<ModelDraft> }) {
  const t = adminTexts.value
  const { capabilities } = draft.value
  return (
    <fieldset class="choices">
      <legend>{t.capabilities}</legend>
      <div class="filter-row">
        {capabilityNames.map((name) => (
          <Select
            key={name}
            label={t.capabilityNames[name]}
            value={capabilities[name]}
            options={[
              { value: 'unknown', label: t.unknown },
              { value: 'yes', label: t.yes },
              { value: 'no', label: t.no },
            ]}
            onChange={(known) => change(draft, { capabilities: { ...capabilities, [name]: known } })}
          />
        ))}
      </div>
    </fieldset>
  )
}

function change(draft: Signal<ModelDraft>, changes: Partial<ModelDraft>): void {
  draft.value = { ...draft.value, ...changes }
}

/** One that cannot be asked any more may still stand in an entry. */
function namesOf(providers: Provider[], current: string): string[] {
  const names = providers.map(({ name }) => name)
  return current === '' || names.includes(current) ? names : [current, ...names]
}

function wordsFor({ code, fields }: Refusal) {
  const t = adminTexts.value
  if (code === 'conflict') return { field: 'model_id', text: t.modelIdTaken }
  const unfit: Record<string, string> = {
    provider: t.providerUnfit,
    upstream: t.textUnfit,
    name: t.textUnfit,
    model_id: t.modelIdUnfit,
    context_window: t.windowUnfit,
    max_output_tokens: t.longestUnfit,
    position: t.numberUnfit,
    prices: t.pricesUnfit,
    picture_price: t.picturePriceUnfit,
    plans: t.plansUnfit,
    fallbacks: t.fallbacksUnfit,
  }
  for (const field of fields) {
    // A fault may be in one of several.
    const [name = ''] = field.split('/')
    const text = unfit[name]
    if (text !== undefined) return { field: name, text }
  }
  return null
}
