import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import { RowMenu } from '../../ui/row-menu.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { deletePlan, listPlans, type Plan } from './admin-api.ts'
import { deleteItem } from './entry-items.ts'
import { Part } from './part.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { useOpened } from './use-opened.ts'

/** How much people may use. */
export function Plans() {
  const t = adminTexts.value
  const open = useSignal<{ plan: Plan | null } | null>(null)
  const { wish, show, onDone } = useOpened(open)

  return (
    <Part
      title={t.names.plans}
      hint={t.plansPageHint}
      begin={{ label: t.newPlan, act: () => show({ plan: null }) }}
    >
      <Table
        label={t.names.plans}
        columns={columns()}
        keyOf={({ name }) => name}
        fetchPage={listPlans}
        wish={wish}
        empty={t.noPlans}
        actions={(plan) => (
          <RowMenu
            name={t.actsOf(plan.name)}
            items={[
              { label: t.change, icon: 'edit', onChoose: () => show({ plan }) },
              null,
              deleteItem({ name: plan.name, text: t.deletePlanText, onDone, inUse: t.planInUse }, () =>
                deletePlan(plan.name),
              ),
            ]}
          />
        )}
      />
      {open.value !== null && (
        <PlanDialog plan={open.value.plan} onClose={() => show(null)} onSaved={onDone} />
      )}
    </Part>
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
