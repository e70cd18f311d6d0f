import { useSignal } from '@preact/signals'
import { formatMoment, formatNumber } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { readModels } from '../../models.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { readSite } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import type { MenuItems } from '../../ui/menu.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { useReading } from '../../use-reading.ts'
import { deleteKey, fetchKeys, type KeyCheck, type ProviderKey, testKey, updateKey } from './admin-api.ts'
import { deleteItem, enableItem } from './entry-items.ts'
import { wordsOfCheck } from './key-check-words.ts'
import { Part } from './part.tsx'
import { ProviderKeyDialog } from './provider-key-dialog.tsx'
import { useOpened } from './use-opened.ts'

/** Keys that were entered here. Those of the settings are not shown. */
export function ProviderKeys() {
  const t = adminTexts.value
  const open = useSignal<{ providerKey: ProviderKey | null } | null>(null)
  const { wish, show, onDone } = useOpened(open)
  const reading = useReading(fetchKeys, wish)
  const keys = reading.value.value
  const onChanged = (text: string) => {
    onDone(text)
    void readModels()
    // With the first key the demo model is no more what answers.
    void readSite()
  }

  return (
    <Part
      title={t.names.keys}
      hint={t.keysHint}
      begin={{ label: t.newKey, act: () => show({ providerKey: null }) }}
    >
      {keys === null && <NotRead fault={reading.fault} onAgain={reading.readAgain} />}
      {keys?.length === 0 && <Empty icon="key" text={t.noKeys} />}
      {keys !== null && keys.length > 0 && (
        <ul class="settings-list">
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              providerKey={key}
              onChange={() => show({ providerKey: key })}
              onChanged={onChanged}
            />
          ))}
        </ul>
      )}
      {open.value !== null && (
        <ProviderKeyDialog
          providerKey={open.value.providerKey}
          onClose={() => show(null)}
          onSaved={onChanged}
        />
      )}
    </Part>
  )
}

interface RowProps {
  providerKey: ProviderKey
  onChange: () => void
  onChanged: (text: string) => void
}

function KeyRow({ providerKey, onChange, onChanged }: RowProps) {
  const t = adminTexts.value
  const check = useSignal<KeyCheck | null>(null)
  const isTesting = useSignal(false)
  const test = async () => {
    isTesting.value = true
    check.value = null
    await tried(async () => {
      check.value = await testKey(providerKey.id)
    })
    isTesting.value = false
  }

  return (
    <li class="settings-row">
      <div class="settings-words">
        <span>
          {providerKey.name}{' '}
          {providerKey.last_four !== null && <code class="key-ends">…{providerKey.last_four}</code>}{' '}
          <State providerKey={providerKey} />
        </span>
        <small class="hint">{factsOf(providerKey).join(' · ')}</small>
        <small role="status" class={check.value?.ok === false ? 'refusal' : 'hint'}>
          {check.value !== null && <Result check={check.value} />}
        </small>
      </div>
      <Button small busy={isTesting.value} name={t.testOf(providerKey.name)} onClick={() => void test()}>
        {t.test}
      </Button>
      <RowMenu name={t.actsOf(providerKey.name)} items={itemsOf(providerKey, onChange, onChanged)} />
    </li>
  )
}

function Result({ check }: { check: KeyCheck }) {
  const { text, detail } = wordsOfCheck(check)
  if (detail === null) return <>{text}</>
  return (
    <>
      {text}{' '}
      <span lang="en" class="hint">
        {detail}
      </span>
    </>
  )
}

function itemsOf(key: ProviderKey, onChange: () => void, onDone: (text: string) => void): MenuItems {
  const t = adminTexts.value
  const { id, name, enabled } = key
  return [
    { label: t.change, icon: 'edit', onChoose: onChange },
    enableItem({ name, enabled, text: t.disableKeyText, onDone }, (next) => updateKey(id, { enabled: next })),
    null,
    deleteItem({ name, text: t.deleteKeyText, onDone }, () => deleteKey(id)),
  ]
}

function State({ providerKey }: { providerKey: ProviderKey }) {
  const t = adminTexts.value
  const { enabled, readable, rests_for_seconds } = providerKey
  if (!readable) return <span class="admin-state bad">{t.states.unreadable}</span>
  if (!enabled) return <span class="admin-state">{t.states.off}</span>
  if (rests_for_seconds > 0) {
    return <span class="admin-state bad">{t.restsFor(formatNumber(rests_for_seconds))}</span>
  }
  return <span class="admin-state good">{t.states.on}</span>
}

function factsOf({ provider, base_url, last_four, readable, updated_at }: ProviderKey): string[] {
  const t = adminTexts.value
  return [
    provider,
    base_url ?? t.usualAddress,
    ...(last_four === null ? [t.withoutKey] : []),
    ...(readable ? [] : [t.unreadableHint]),
    t.changedAt(formatMoment(updated_at)),
  ]
}
