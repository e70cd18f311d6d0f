import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoment } from '../../format.ts'
import { type ActName, adminTexts } from '../../texts/admin.ts'
import { Field, Select } from '../../ui/field.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useRested } from '../../use-rested.ts'
import { nameOfField, valueOfField } from './act-value.ts'
import { type Act, type ActsFilter, fetchActs } from './admin-api.ts'
import { Part } from './part.tsx'

const all: ActsFilter = { action: '', target_id: '', actor_id: '' }

/** What administrators did. */
export function Acts() {
  const t = adminTexts.value
  const filter = useSignal(all)
  return (
    <Part title={t.names.log} hint={t.logHint}>
      <Filters
        filter={filter.value}
        onChange={(next) => {
          filter.value = next
        }}
      />
      <Table
        label={t.names.log}
        columns={columns()}
        keyOf={({ id }) => id}
        fetchPage={({ cursor }) => fetchActs(filter.value, cursor)}
        wish={JSON.stringify(filter.value)}
        empty={t.noActs}
      />
    </Part>
  )
}

function Filters({ filter, onChange }: { filter: ActsFilter; onChange: (filter: ActsFilter) => void }) {
  const t = adminTexts.value
  const target = useSignal(filter.target_id)
  const actor = useSignal(filter.actor_id)
  useRested({ ...filter, target_id: target.value.trim(), actor_id: actor.value.trim() }, filter, onChange)

  return (
    <search class="admin-filters" aria-label={t.searchActs}>
      <Select
        label={t.act}
        value={filter.action}
        options={[
          { value: '', label: t.any },
          ...Object.entries(t.acts).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(action) => onChange({ ...filter, action })}
      />
      <Field label={t.targetId} maxLength={300} text={target} />
      <Field label={t.actorId} maxLength={100} text={actor} />
    </search>
  )
}

function columns(): Column<Act>[] {
  const t = adminTexts.value
  return [
    { key: 'when', head: t.when, cell: ({ created_at }) => formatMoment(created_at) },
    {
      key: 'who',
      head: t.who,
      cell: ({ actor_name, ip }) => (
        <span class="admin-name">
          {actor_name}
          <small class="hint">{ip ?? t.commandLine}</small>
        </span>
      ),
    },
    { key: 'act', head: t.act, cell: ({ action }) => (isKnown(action) ? t.acts[action] : action) },
    {
      key: 'target',
      head: t.target,
      cell: ({ target_type, target_id }) => (
        <span class="admin-name">
          {t.targets[target_type] ?? target_type}
          <small class="hint">{target_id}</small>
        </span>
      ),
    },
    { key: 'change', head: t.changes, cell: (act) => <Changes act={act} /> },
  ]
}

function isKnown(action: string): action is ActName {
  return Object.hasOwn(adminTexts.value.acts, action)
}

/** Each field that has changed, as it was and as it is. */
function Changes({ act: { before, after } }: { act: Act }) {
  const t = adminTexts.value
  const shown = (name: string, value: unknown) => valueOfField(name, value, currencyOf())
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (names.length === 0) return <>–</>
  return (
    <details class="admin-changes">
      <summary>{t.fieldCount(names.length)}</summary>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>{nameOfField(name)}</dt>
            <dd>
              {before !== null && name in before && <del>{shown(name, before[name])}</del>}{' '}
              {after !== null && name in after && <ins>{shown(name, after[name])}</ins>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
