import { useSignal } from '@preact/signals'
import { formatMicros, formatMoment, formatNumber, formatSeconds } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { modelName } from '../../models.ts'
import { saveFile } from '../../save-file.ts'
import { dashboardTexts } from '../../texts/dashboard.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { fetchRecords, fetchRecordsFile, type RecordFilter, type UsageRecord } from '../../usage-api.ts'

const kinds = ['turn', 'title', 'summary', 'chat', 'call', 'response', 'embedding', 'image'] as const

/** The ledger, row by row. `models`: those that were used. */
export function Records({ currency, models }: { currency: string; models: readonly string[] }) {
  const t = dashboardTexts.value
  const filter = useSignal<RecordFilter>({ kind: null, model: null })
  const isSaving = useSignal(false)
  const { kind, model } = filter.value

  const save = async () => {
    isSaving.value = true
    await tried(async () => saveFile(await fetchRecordsFile(filter.value), 'usage.csv'))
    isSaving.value = false
  }

  return (
    <section class="chart">
      <header class="chart-head">
        <h2>{t.records}</h2>
        <Button small icon="export" busy={isSaving.value} onClick={() => void save()}>
          {t.csv}
        </Button>
      </header>
      <div class="record-filters">
        <Select
          label={t.kind}
          value={kind ?? ''}
          options={[
            { value: '', label: t.allKinds },
            ...kinds.map((value) => ({ value, label: t.kinds[value] })),
          ]}
          onChange={(next) => {
            filter.value = { kind: next === '' ? null : next, model }
          }}
        />
        <Select
          label={t.model}
          value={model ?? ''}
          options={[
            { value: '', label: t.allModels },
            ...models.map((value) => ({ value, label: modelName(value) })),
          ]}
          onChange={(next) => {
            filter.value = { kind, model: next === '' ? null : next }
          }}
        />
      </div>
      <Table<UsageRecord>
        label={t.records}
        wish={`${kind} ${model}`}
        columns={columnsOf(currency)}
        keyOf={({ id }) => id}
        fetchPage={({ cursor }) => fetchRecords(filter.value, cursor)}
        empty={t.noRecords}
      />
      <details class="filters">
        <summary>{t.rule.head}</summary>
        <p class="hint">{t.rule.text}</p>
      </details>
    </section>
  )
}

function columnsOf(currency: string): Column<UsageRecord>[] {
  const t = dashboardTexts.value
  return [
    { key: 'time', head: t.time, cell: ({ created_at }) => formatMoment(created_at) },
    { key: 'kind', head: t.kind, cell: ({ kind }) => t.kinds[kind] },
    { key: 'model', head: t.model, cell: ({ model }) => modelName(model) },
    { key: 'tokens', head: t.tokensHead, isNumber: true, cell: tokensIn },
    {
      key: 'cost',
      head: t.cost,
      isNumber: true,
      cell: ({ cost_micros: micros }) => (micros === null ? t.noPrice : formatMicros(micros, currency)),
    },
    {
      key: 'duration',
      head: t.duration,
      isNumber: true,
      cell: ({ duration_ms }) => t.seconds(formatSeconds(duration_ms)),
    },
    { key: 'outcome', head: t.outcome, cell: ({ outcome }) => t.outcomes[outcome] },
  ]
}

function tokensIn({ prompt_tokens, completion_tokens, estimated }: UsageRecord): string {
  const t = dashboardTexts.value
  const count = t.tokensOf(formatNumber(prompt_tokens), formatNumber(completion_tokens))
  return estimated ? t.estimated(count) : count
}
