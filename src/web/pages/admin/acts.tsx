import { currencyOf } from '../../currency.ts'
import { formatMoment } from '../../format.ts'
import { type ActName, adminTexts } from '../../texts/admin.ts'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { nameOfField, valueOfField } from './act-value.ts'
import { FilterSelect, Filters, FindField, useFilter } from './filters.tsx'
import { type Act, type ActsFilter, fetchActs } from './lists-api.ts'
import { Part } from './part.tsx'

const all: ActsFilter = { action: '', actor: '', target: '' }
const newestFirst: Sort = { key: 'created', direction: 'desc' }

/** What administrators did. */
export function Acts() {
  const t = adminTexts.value
  const { filter, change, wish } = useFilter(all)
  return (
    <Part title={t.names.log} hint={t.logHint}>
      <Filters list={t.names.log}>
        <FilterSelect
          label={t.act}
          value={filter.action}
          options={Object.entries(t.acts).map(([value, label]) => ({ value, label }))}
          onChange={(action) => change({ action })}
        />
        <FindField
          label={t.who}
          hint={t.lists.findActs}
          value={filter.actor}
          onChange={(actor) => change({ actor })}
        />
        <FindField
          label={t.target}
          hint={t.lists.findActs}
          value={filter.target}
          onChange={(target) => change({ target })}
        />
      </Filters>
      <Table
        label={t.names.log}
        columns={columns()}
        keyOf={({ id }) => id}
        sort={newestFirst}
        fetchPage={(place) => fetchActs(filter, place)}
        wish={wish}
        empty={t.noActs}
      />
    </Part>
  )
}

function columns(): Column<Act>[] {
  const t = adminTexts.value
  return [
    {
      key: 'created',
      head: t.when,
      directions: ['desc', 'asc'],
      cell: ({ created_at }) => formatMoment(created_at),
    },
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
      cell: ({ target_type, target_id, target_name }) => (
        <span class="admin-name">
          {t.targets[target_type] ?? target_type}
          {target_name !== null && <span>{target_name}</span>}
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
