import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { readModels } from '../../models.ts'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { say } from '../../ui/toast.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deleteModel, fetchModels, type StoredModel, updateModel } from './admin-api.ts'
import { ModelDialog } from './model-dialog.tsx'
import { Part } from './part.tsx'

/** What the operator says about models. */
export function Models() {
  const t = adminTexts.value
  const changes = useSignal(0)
  const open = keptSignal<{ model: StoredModel | null } | null>('admin-model', null)
  const show = (next: typeof open.value) => {
    open.value = next
  }
  const onChanged = (text: string) => {
    changes.value++
    show(null)
    say(text)
    void readModels()
  }

  return (
    <Part
      title={t.names.models}
      hint={t.modelsHint}
      action={
        <Button look="primary" icon="plus" onClick={() => show({ model: null })}>
          {t.newModel}
        </Button>
      }
    >
      <Table
        label={t.names.models}
        columns={columns()}
        keyOf={({ id }) => id}
        fetchPage={fetchModels}
        wish={String(changes.value)}
        empty={t.noModels}
        actions={(model) => (
          <Menu
            name={t.actsOf(model.name)}
            class="icon-button quiet small"
            items={[
              { label: t.change, icon: 'edit', onChoose: () => show({ model }) },
              {
                label: model.enabled ? t.disable : t.enable,
                icon: model.enabled ? 'stop' : 'check',
                onChoose: () => void enable(model, onChanged),
              },
              null,
              {
                label: words.value.delete,
                icon: 'bin',
                isDangerous: true,
                onChoose: () => void remove(model, onChanged),
              },
            ]}
          >
            <Icon name="more" size={18} />
          </Menu>
        )}
      />
      {open.value !== null && (
        <ModelDialog model={open.value.model} onClose={() => show(null)} onSaved={onChanged} />
      )}
    </Part>
  )
}

async function enable({ id, name, enabled }: StoredModel, onDone: (text: string) => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.disableTitle(name), text: t.disableModelText, action: t.disable }
  if (enabled && !(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await updateModel(id, { enabled: !enabled })
    onDone(enabled ? t.disabled(name) : t.enabled(name))
  })
}

async function remove({ id, name }: StoredModel, onDone: (text: string) => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.deleteTitle(name), text: t.deleteModelText, action: words.value.delete }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await deleteModel(id)
    onDone(t.deleted(name))
  })
}

function columns(): Column<StoredModel>[] {
  const t = adminTexts.value
  return [
    { key: 'name', head: t.model, cell: (model) => <Name model={model} /> },
    {
      key: 'served',
      head: t.servedBy,
      cell: ({ provider, upstream }) => (
        <span class="admin-name">
          {provider}
          <small class="hint">{upstream}</small>
        </span>
      ),
    },
    {
      key: 'window',
      head: t.contextWindow,
      isNumber: true,
      cell: ({ context_window }) => (context_window === null ? '–' : formatNumber(context_window)),
    },
    { key: 'prices', head: t.prices(currencyOf()), isNumber: true, cell: pricesOf },
    { key: 'plans', head: t.plans, cell: ({ plans }) => plans?.join(', ') ?? t.allPlans },
    { key: 'status', head: t.status, cell: (model) => <Status model={model} /> },
  ]
}

function Name({ model }: { model: StoredModel }) {
  return (
    <span class="admin-name">
      <strong>{model.name}</strong>
      <small class="hint">{model.model_id}</small>
    </span>
  )
}

function pricesOf({ prices }: StoredModel): string {
  if (prices === null) return '–'
  const money = (micros: number) => formatMoney(micros / 1_000_000, currencyOf())
  return `${money(prices.input)} / ${money(prices.output)}`
}

function Status({ model }: { model: StoredModel }) {
  const t = adminTexts.value
  if (!model.enabled) return <span class="admin-state">{t.states.off}</span>
  if (!model.usable) return <span class="admin-state bad">{t.states.unusable}</span>
  return <span class="admin-state good">{t.states.on}</span>
}
