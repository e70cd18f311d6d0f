import { useSignal } from '@preact/signals'
import { formatMoment, formatNumber } from '../../format.ts'
import { readModels } from '../../models.ts'
import { readSite } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import type { MenuItems } from '../../ui/menu.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { deleteKey, updateKey } from './admin-api.ts'
import { deleteItem, enableItem } from './entry-items.ts'
import { FilterSelect, Filters, FindField, ProviderFilter, useFilter } from './filters.tsx'
import { CheckResult, type KeyChecks, useKeyChecks } from './key-checks.tsx'
import { fetchKeys, type KeysFilter, type ProviderKey } from './lists-api.ts'
import { Part } from './part.tsx'
import { ProviderKeyDialog } from './provider-key-dialog.tsx'
import { useOpened } from './use-opened.ts'

const all: KeysFilter = { search: '', provider: '', status: '' }
const byProvider: Sort = { key: 'provider', direction: 'asc' }

/** Keys that were entered here. Those of the settings are not shown. */
export function ProviderKeys() {
  const t = adminTexts.value
  const open = useSignal<{ providerKey: ProviderKey | null } | null>(null)
  const { wish, show, onDone } = useOpened(open)
  const { filter, change, isAll, ...wanted } = useFilter(all)
  const checks = useKeyChecks()
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
      <Filters list={t.names.keys}>
        <FindField hint={t.lists.findKeys} value={filter.search} onChange={(search) => change({ search })} />
        <ProviderFilter value={filter.provider} wish={wish} onChange={(provider) => change({ provider })} />
        <FilterSelect
          label={t.status}
          value={filter.status}
          options={[
            { value: 'in_use', label: t.states.on },
            { value: 'resting', label: t.lists.resting },
            { value: 'disabled', label: t.states.off },
            { value: 'unreadable', label: t.states.unreadable },
          ]}
          onChange={(status) => change({ status })}
        />
      </Filters>
      <Table
        label={t.names.keys}
        columns={columns(checks)}
        keyOf={({ id }) => id}
        sort={byProvider}
        fetchPage={(place) => fetchKeys(filter, place)}
        wish={wanted.wish + wish}
        empty={isAll ? t.noKeys : t.lists.nothingLikeThat}
        actions={(key) => (
          <>
            <Button
              small
              busy={checks.of(key) === 'running'}
              name={t.testOf(key.name)}
              onClick={() => void checks.run(key)}
            >
              {t.test}
            </Button>
            <RowMenu
              name={t.actsOf(key.name)}
              items={itemsOf(key, () => show({ providerKey: key }), onChanged)}
            />
          </>
        )}
      />
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

function columns(checks: KeyChecks): Column<ProviderKey>[] {
  const t = adminTexts.value
  return [
    {
      key: 'name',
      head: t.key,
      directions: leastFirst,
      cell: (key) => (
        <span class="admin-name">
          <span>
            <strong>{key.name}</strong>{' '}
            {key.last_four !== null && <code class="key-ends">…{key.last_four}</code>}
          </span>
          <CheckResult check={checks.of(key)} />
        </span>
      ),
    },
    {
      key: 'provider',
      head: t.provider,
      directions: leastFirst,
      cell: ({ provider, base_url, last_four }) => (
        <span class="admin-name">
          {provider}
          <small class="hint">
            {base_url ?? t.usualAddress}
            {last_four === null && ` · ${t.withoutKey}`}
          </small>
        </span>
      ),
    },
    { key: 'status', head: t.status, directions: leastFirst, cell: (key) => <State providerKey={key} /> },
    {
      key: 'updated',
      head: t.lists.changed,
      directions: ['desc', 'asc'],
      cell: ({ updated_at }) => formatMoment(updated_at),
    },
  ]
}

const leastFirst = ['asc', 'desc'] as const

function State({ providerKey }: { providerKey: ProviderKey }) {
  const t = adminTexts.value
  const { enabled, readable, rests_for_seconds } = providerKey
  if (!readable) {
    return (
      <span class="admin-name">
        <span class="admin-state bad">{t.states.unreadable}</span>
        <small class="hint">{t.unreadableHint}</small>
      </span>
    )
  }
  if (!enabled) return <span class="admin-state">{t.states.off}</span>
  if (rests_for_seconds > 0) {
    return <span class="admin-state bad">{t.restsFor(formatNumber(rests_for_seconds))}</span>
  }
  return <span class="admin-state good">{t.states.on}</span>
}
