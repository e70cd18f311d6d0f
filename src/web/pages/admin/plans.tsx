import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import { RowMenu } from '../../ui/row-menu.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { deletePlan } from './admin-api.ts'
import { deleteItem } from './entry-items.ts'
import { Filters, FindField, useFilter } from './filters.tsx'
import { fetchPlanPage, type Plan } from './lists-api.ts'
import { Part } from './part.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { useOpened } from './use-opened.ts'

const byName: Sort = { key: 'name', direction: 'asc' }

/** How much people may use. */
export function Plans() {
  const t = adminTexts.value
  const open = useSignal<{ plan: Plan | null } | null>(null)
  const { wish, show, onDone } = useOpened(open)
  const { filter, change, isAll, ...wanted } = useFilter({ search: '' })

  return (
    <Part
      title={t.names.plans}
      hint={t.plansPageHint}
      begin={{ label: t.newPlan, act: () => show({ plan: null }) }}
    >
      <Filters list={t.names.plans}>
        <FindField hint={t.lists.findPlans} value={filter.search} onChange={(search) => change({ search })} />
      </Filters>
      <Table
        label={t.names.plans}
        columns={columns()}
        keyOf={({ name }) => name}
        sort={byName}
        fetchPage={(place) => fetchPlanPage(filter.search, place)}
        wish={wanted.wish + wish}
        empty={isAll ? t.noPlans : t.lists.nothingLikeThat}
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
    { key: 'name', head: t.plan, directions: ['asc', 'desc'], cell: ({ name }) => <strong>{name}</strong> },
    {
      key: 'people',
      head: t.lists.people,
      isNumber: true,
      directions: ['desc', 'asc'],
      cell: ({ people }) => formatNumber(people),
    },
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
