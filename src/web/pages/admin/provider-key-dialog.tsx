import { useSignal } from '@preact/signals'
import type { Refusal } from '../../api.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import { Field, Select } from '../../ui/field.tsx'
import { unfitField } from '../../unfit-field.ts'
import { useReading } from '../../use-reading.ts'
import { useSending } from '../settings/use-sending.ts'
import { createKey, fetchProviders, updateKey } from './admin-api.ts'
import { FormDialog } from './form-dialog.tsx'
import type { ProviderKey } from './lists-api.ts'

const another = ' '

interface Props {
  /** null: one that is to be entered. */
  providerKey: ProviderKey | null
  onClose: () => void
  onSaved: (text: string) => void
}

/** A key comes in by this form and is not seen again: what stands in it is not kept either. */
export function ProviderKeyDialog({ providerKey, onClose, onSaved }: Props) {
  const t = adminTexts.value
  const providers = useReading(fetchProviders)
  const provider = useSignal(providerKey?.provider ?? '')
  const otherProvider = useSignal('')
  const name = useSignal(providerKey?.name ?? '')
  const baseUrl = useSignal(providerKey?.base_url ?? '')
  const key = useSignal('')
  const written = [provider.value, otherProvider.value, name.value, baseUrl.value, key.value].join('\n')
  const sending = useSending(written, wordsFor)
  const wanted = provider.value === another ? otherProvider.value.trim() : provider.value
  const known = providers.value.value
  const preset = known?.find((one) => one.name === wanted)
  const needsKey = preset?.needs_key === true && baseUrl.value.trim() === ''

  const save = async () => {
    const address = baseUrl.value.trim() || null
    const secret = key.value.trim()
    const called = name.value.trim() || wanted
    if (providerKey === null) {
      const body = { provider: wanted, name: called, base_url: address, key: secret || null }
      onSaved(t.saved((await createKey(body)).name))
      return
    }
    const changes = {
      name: called,
      ...(address === providerKey.base_url ? {} : { base_url: address }),
      ...(secret === '' ? {} : { key: secret }),
    }
    onSaved(t.saved((await updateKey(providerKey.id, changes)).name))
  }

  return (
    <FormDialog
      title={providerKey === null ? t.newKeyTitle : providerKey.name}
      action={providerKey === null ? t.newKey : words.value.save}
      isReady={wanted !== '' && (providerKey !== null || !needsKey || key.value.trim() !== '')}
      sending={sending}
      act={save}
      onClose={onClose}
    >
      {providerKey === null && known === null && (
        <NotRead fault={providers.fault} onAgain={providers.readAgain} />
      )}
      {providerKey === null && known !== null && (
        <Select
          label={t.provider}
          fault={provider.value === another ? null : sending.faultOf('provider')}
          value={provider.value}
          options={[
            { value: '', label: t.choose },
            ...known.map((one) => ({ value: one.name, label: one.name })),
            { value: another, label: t.anotherProvider },
          ]}
          onChange={(next) => {
            provider.value = next
          }}
        />
      )}
      {provider.value === another && (
        <Field
          label={t.providerName}
          hint={t.providerUnfit}
          fault={sending.faultOf('provider')}
          maxLength={50}
          autocomplete="off"
          text={otherProvider}
        />
      )}
      <Field
        label={t.keyName}
        hint={t.keyNameHint}
        fault={sending.faultOf('name')}
        maxLength={100}
        autocomplete="off"
        text={name}
      />
      <Field
        label={t.baseUrl}
        hint={t.baseUrlHint}
        fault={sending.faultOf('base_url')}
        placeholder={preset?.base_url ?? 'https://…/v1'}
        maxLength={500}
        autocomplete="off"
        text={baseUrl}
      />
      <Field
        label={t.key}
        hint={providerKey === null ? t.keyHint : t.keyChangeHint}
        fault={sending.faultOf('key')}
        type="password"
        autocomplete="off"
        maxLength={500}
        text={key}
      />
    </FormDialog>
  )
}

function wordsFor(refusal: Refusal) {
  const t = adminTexts.value
  return unfitField(refusal, {
    provider: t.providerUnfit,
    name: t.textUnfit,
    base_url: t.baseUrlUnfit,
    key: t.keyUnfit,
  })
}
