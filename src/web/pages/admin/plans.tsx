import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { say } from '../../ui/toast.tsx'
import { deletePlan, listPlans, type Plan } from './admin-api.ts'
import { Part } from './part.tsx'
import { PlanDialog } from './plan-dialog.tsx'

/** How much people may use. */
export function Plans() {
  const t = adminTexts.value
  const changes = useSignal(0)
  const open = useSignal<{ plan: Plan | null } | null>(null)
  const show = (next: typeof open.value) => {
    open.value = next
  }
  const onChanged = (text: string) => {
    changes.value++
    show(null)
    say(text)
  }

  return (
    <Part
      title={t.names.plans}
      hint={t.plansPageHint}
      action={
        <Button look="primary" icon="plus" onClick={() => show({ plan: null })}>
          {t.newPlan}
        </Button>
      }
    >
      <Table
        label={t.names.plans}
        columns={columns()}
        keyOf={({ name }) => name}
        fetchPage={listPlans}
        wish={String(changes.value)}
        empty={t.noPlans}
        actions={(plan) => (
          <Menu
            name={t.actsOf(plan.name)}
            class="icon-button quiet small"
            items={[
              { label: t.change, icon: 'edit', onChoose: () => show({ plan }) },
              null,
              {
                label: words.value.delete,
                icon: 'bin',
                isDangerous: true,
                onChoose: () => void remove(plan, onChanged),
              },
            ]}
          >
            <Icon name="more" size={18} />
          </Menu>
        )}
      />
      {open.value !== null && (
        <PlanDialog plan={open.value.plan} onClose={() => show(null)} onSaved={onChanged} />
      )}
    </Part>
  )
}

async function remove({ name }: Plan, onDone: (text: string) => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.deleteTitle(name), text: t.deletePlanText, action: words.value.delete }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(
    async () => {
      await deletePlan(name)
      onDone(t.deleted(name))
    },
    { conflict: t.planInUse },
  )
}

function columns(): Column<Plan>[] {
  const t = adminTexts.value
  return [
    { key: 'name', head: t.plan, cell: ({ name }) => <strong>{name}</strong> },
    { key: 'day', head: t.aDay, cell: ({ limits }) => limitsOf(limits, 'day') },
    { key: 'month', head: t.aMonth, cell: ({ limits }) => limitsOf(limits, 'month') },
  ]
}

function limitsOf(limits: Plan['limits'], period: 'day' | 'month'): string {
  const t = adminTexts.value
  const { [`requests_${period}`]: requests, [`tokens_${period}`]: tokens, [`cost_${period}`]: cost } = limits
  const shown = [
    typeof requests === 'number' ? t.requestCount(formatNumber(requests)) : null,
    typeof tokens === 'number' ? t.tokenCount(formatNumber(tokens)) : null,
    typeof cost === 'number' ? formatMoney(cost / 1_000_000, currencyOf()) : null,
  ].filter((one) => one !== null)
  return shown.length === 0 ? t.unlimited : shown.join(' · ')
}
