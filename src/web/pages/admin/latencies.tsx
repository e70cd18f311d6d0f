import { useSignal } from '@preact/signals'
import { type AnswerOf, ask } from '../../ask.ts'
import { formatMoment, formatNumber } from '../../format.ts'
import { modelName } from '../../models.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Select } from '../../ui/field.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { spreadOf } from './spread.ts'

type Answer = AnswerOf<'GET', 'admin/usage/latencies'>
type Row = Answer['all'] & { model: string | null }

const periods = ['24h', '7d'] as const

/** How long answers took lately, of all models and each. */
export function Latencies() {
  const t = adminTexts.value.latencies
  const period = useSignal<(typeof periods)[number]>('24h')
  const answer = useSignal<Answer | null>(null)

  const fetchRows = async (): Promise<{ items: Row[]; next_cursor: null }> => {
    const read = await ask('GET', 'admin/usage/latencies', { query: { period: period.value } })
    answer.value = read
    const all = { ...read.all, model: null }
    return { items: read.items.length === 0 ? [] : [all, ...read.items], next_cursor: null }
  }

  return (
    <>
      <h3>{t.title}</h3>
      <search class="admin-filters" aria-label={t.title}>
        <Select
          label={t.period}
          value={period.value}
          options={periods.map((name) => ({ value: name, label: t.periods[name] }))}
          onChange={(name) => {
            period.value = name
          }}
        />
      </search>
      <Table
        label={t.title}
        columns={columns()}
        keyOf={({ model }) => model ?? ''}
        fetchPage={fetchRows}
        wish={period.value}
        empty={t.none}
      />
      <p class="hint">
        {answer.value?.capped
          ? t.capped(formatNumber(answer.value.all.calls), formatMoment(answer.value.since))
          : t.hint}
      </p>
    </>
  )
}

function columns(): Column<Row>[] {
  const { latencies: t, overview, measures } = adminTexts.value
  return [
    {
      key: 'model',
      head: overview.model,
      cell: ({ model }) => (model === null ? t.allModels : modelName(model)),
    },
    { key: 'calls', head: measures.calls, isNumber: true, cell: ({ calls }) => formatNumber(calls) },
    {
      key: 'first',
      head: overview.firstWord,
      isNumber: true,
      cell: ({ first_token_ms }) => spreadOf(first_token_ms),
    },
    { key: 'whole', head: overview.whole, isNumber: true, cell: ({ duration_ms }) => spreadOf(duration_ms) },
  ]
}
