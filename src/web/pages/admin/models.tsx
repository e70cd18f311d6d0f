import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { readModels } from '../../models.ts'
import { readPictureModels } from '../../pictures.ts'
import { readSite } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { MenuItems } from '../../ui/menu.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deleteModel, updateModel } from './admin-api.ts'
import { deleteItem, enableItem } from './entry-items.ts'
import { FilterSelect, Filters, FindField, ProviderFilter, useFilter } from './filters.tsx'
import { fetchModels, type ModelsFilter, type StoredModel } from './lists-api.ts'
import { ModelDialog } from './model-dialog.tsx'
import { Part } from './part.tsx'
import { useOpened } from './use-opened.ts'

const all: ModelsFilter = { search: '', provider: '', status: '' }
const asShown: Sort = { key: 'position', direction: 'asc' }

/** What the operator says about models. */
export function Models() {
  const t = adminTexts.value
  const open = keptSignal<{ model: StoredModel | null } | null>('admin-model', null)
  const opened = useOpened(open)
  const { filter, change, wish, isAll } = useFilter(all)
  const { show } = opened
  const onDone = (text: string) => {
    opened.onDone(text)
    void readModels()
    void readPictureModels()
    void readSite()
  }

  return (
    <Part
      title={t.names.models}
      hint={t.modelsHint}
      begin={{ label: t.newModel, act: () => show({ model: null }) }}
    >
      <Filters list={t.names.models}>
        <FindField
          hint={t.lists.findModels}
          value={filter.search}
          onChange={(search) => change({ search })}
        />
        <ProviderFilter value={filter.provider} onChange={(provider) => change({ provider })} />
        <FilterSelect
          label={t.status}
          value={filter.status}
          options={[
            { value: 'in_use', label: t.states.on },
            { value: 'unusable', label: t.states.unusable },
            { value: 'disabled', label: t.states.off },
          ]}
          onChange={(status) => change({ status })}
        />
      </Filters>
      <Table
        label={t.names.models}
        columns={columns()}
        keyOf={({ id }) => id}
        sort={asShown}
        fetchPage={(place) => fetchModels(filter, place)}
        wish={wish + opened.wish}
        empty={isAll ? t.noModels : t.lists.nothingLikeThat}
        actions={(model) => (
          <RowMenu name={t.actsOf(model.name)} items={itemsOf(model, () => show({ model }), onDone)} />
        )}
      />
      {open.value !== null && (
        <ModelDialog model={open.value.model} onClose={() => show(null)} onSaved={onDone} />
      )}
    </Part>
  )
}

function itemsOf(model: StoredModel, onChange: () => void, onDone: (text: string) => void): MenuItems {
  const t = adminTexts.value
  const { id, name, enabled } = model
  return [
    { label: t.change, icon: 'edit', onChoose: onChange },
    enableItem({ name, enabled, text: t.disableModelText, onDone }, (next) =>
      updateModel(id, { enabled: next }),
    ),
    null,
    deleteItem({ name, text: t.deleteModelText, onDone }, () => deleteModel(id)),
  ]
}

function columns(): Column<StoredModel>[] {
  const t = adminTexts.value
  return [
    { key: 'name', head: t.model, directions: leastFirst, cell: (model) => <Name model={model} /> },
    {
      key: 'provider',
      head: t.servedBy,
      directions: leastFirst,
      cell: ({ provider, upstream }) => (
        <span class="admin-name">
          {provider}
          <small class="hint">{upstream}</small>
        </span>
      ),
    },
    {
      key: 'context_window',
      head: t.contextWindow,
      isNumber: true,
      directions: mostFirst,
      cell: ({ context_window }) => (context_window === null ? '–' : formatNumber(context_window)),
    },
    {
      key: 'price',
      head: t.prices(currencyOf()),
      isNumber: true,
      directions: leastFirst,
      cell: pricesOf,
    },
    { key: 'plans', head: t.plans, cell: ({ plans }) => plans?.join(', ') ?? t.allPlans },
    {
      key: 'position',
      head: t.lists.place,
      isNumber: true,
      directions: leastFirst,
      cell: ({ position }) => formatNumber(position),
    },
    { key: 'status', head: t.status, directions: leastFirst, cell: (model) => <Status model={model} /> },
  ]
}

const leastFirst = ['asc', 'desc'] as const
const mostFirst = ['desc', 'asc'] as const

function Name({ model }: { model: StoredModel }) {
  return (
    <span class="admin-name">
      <strong>{model.name}</strong>
      <small class="hint">{model.model_id}</small>
    </span>
  )
}

function pricesOf({ prices, picture_price: picture }: StoredModel): string {
  const money = (micros: number) => formatMoney(micros / 1_000_000, currencyOf())
  const ofWords = prices === null ? [] : [`${money(prices.input)} / ${money(prices.output)}`]
  const ofPictures = picture === null ? [] : [adminTexts.value.aPicture(money(picture))]
  return [...ofWords, ...ofPictures].join(', ') || '–'
}

function Status({ model }: { model: StoredModel }) {
  const t = adminTexts.value
  if (!model.enabled) return <span class="admin-state">{t.states.off}</span>
  if (!model.usable) return <span class="admin-state bad">{t.states.unusable}</span>
  return <span class="admin-state good">{t.states.on}</span>
}
