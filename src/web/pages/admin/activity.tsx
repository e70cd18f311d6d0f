import { formatBytes, formatMoment, formatNumber, formatShare } from '../../format.ts'
import { modelName } from '../../models.ts'
import { adminTexts } from '../../texts/admin.ts'
import { type Column, Rows } from '../../ui/rows.tsx'
import type { Overview } from './admin-api.ts'
import { Fact } from './fact.tsx'
import { spreadOf } from './spread.ts'

/** What is under way, how it went lately, and why what failed has failed. */
export function Activity({ overview }: { overview: Overview }) {
  const t = adminTexts.value.overview
  const { errors } = overview
  return (
    <>
      <h3>{t.now}</h3>
      <Now overview={overview} />
      {overview.live.instances > 1 && <p class="hint">{t.nowHint}</p>}
      <h3>{t.lately}</h3>
      <section class="table-frame" aria-label={t.lately}>
        <Rows columns={callColumns()} keyOf={({ name }) => name} rows={periodsOf(overview)} />
      </section>
      <p class="hint">{t.latelyHint}</p>
      <h3>{t.errors}</h3>
      {errors.length === 0 ? (
        <p class="admin-note">{t.noErrors}</p>
      ) : (
        <section class="table-frame" aria-label={t.errors}>
          <Rows columns={errorColumns()} keyOf={({ code, model }) => `${code} ${model}`} rows={errors} />
        </section>
      )}
    </>
  )
}

function Now({ overview: { live, memory_bytes } }: { overview: Overview }) {
  const t = adminTexts.value.overview
  const turns = formatNumber(live.turns)
  return (
    <dl class="admin-facts">
      <Fact name={t.turnsNow}>
        {live.instances === 1 ? turns : t.turnsOf(turns, formatNumber(live.turns_here))}
      </Fact>
      <Fact name={t.streamsNow}>{formatNumber(live.streams_here)}</Fact>
      <Fact name={t.callsNow}>{formatNumber(live.calls_here)}</Fact>
      <Fact name={t.memory}>{formatBytes(memory_bytes)}</Fact>
      <Fact name={t.instances}>{formatNumber(live.instances)}</Fact>
    </dl>
  )
}

const periods = ['last_hour', 'last_24_hours'] as const

type Period = Overview['last_hour'] & { name: (typeof periods)[number] }

function periodsOf(overview: Overview): Period[] {
  return periods.map((name) => ({ name, ...overview[name] }))
}

function callColumns(): Column<Period>[] {
  const t = adminTexts.value.overview
  const count = (key: 'calls' | 'stopped' | 'interrupted') => ({
    ...{ key, head: t[key], isNumber: true },
    cell: (period: Period) => formatNumber(period[key]),
  })
  const spread = (key: 'first_token_ms' | 'duration_ms', head: string) => ({
    ...{ key, head, isNumber: true },
    cell: (period: Period) => spreadOf(period[key]),
  })
  return [
    { key: 'name', head: t.period, cell: ({ name }) => t.periods[name] },
    count('calls'),
    { key: 'failed', head: t.failed, isNumber: true, cell: failedOf },
    count('stopped'),
    count('interrupted'),
    spread('first_token_ms', t.firstWord),
    spread('duration_ms', t.whole),
  ]
}

function failedOf({ failed, error_rate }: Period): string {
  return error_rate === null ? '–' : `${formatNumber(failed)} (${formatShare(error_rate)})`
}

function errorColumns(): Column<Overview['errors'][number]>[] {
  const t = adminTexts.value.overview
  return [
    {
      key: 'code',
      head: t.errorCode,
      cell: ({ code }) => (code === null ? t.unknownError : <code>{code}</code>),
    },
    { key: 'model', head: t.model, cell: ({ model }) => modelName(model) },
    { key: 'hour', head: t.periods.last_hour, isNumber: true, cell: (one) => formatNumber(one.last_hour) },
    {
      key: 'day',
      head: t.periods.last_24_hours,
      isNumber: true,
      cell: (one) => formatNumber(one.last_24_hours),
    },
    { key: 'last', head: t.lastTime, cell: ({ last_at }) => formatMoment(last_at) },
  ]
}
