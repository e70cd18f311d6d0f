import { type TSchema, t } from 'elysia'
import { id, moment, nextCursor, noCursor, page, pageIfWanted } from '../../http/schema-fields.ts'

const kind = (description: string) =>
  t.Union(
    [
      t.Literal('turn'),
      t.Literal('title'),
      t.Literal('summary'),
      t.Literal('chat'),
      t.Literal('call'),
      t.Literal('response'),
      t.Literal('embedding'),
      t.Literal('image'),
    ],
    { description },
  )

const day = (description: string) => t.Optional(t.String({ maxLength: 10, description }))
const number = (description: string) => t.Integer({ description })

const range = {
  from: day('The first day, like 2026-01-31; the thirty that end with `to` without it.'),
  to: day('The last day; today without it.'),
}

const ofProvider = {
  provider: t.Optional(
    t.String({ maxLength: 50, description: 'Only what models of this provider have done: `deepseek` …' }),
  ),
}

const ofKey = {
  ...ofProvider,
  key_id: t.Optional(t.String({ maxLength: 50, description: 'Only what this API key has used.' })),
}

const sort = t.Optional(
  t.Union([t.Literal('tokens'), t.Literal('calls'), t.Literal('cost')], {
    description: 'What the most is; `tokens` without it. A cursor is good for the order that it came with.',
  }),
)

const rank = {
  ...page,
  ...range,
  ...ofProvider,
  sort,
  limit: t.Optional(
    t.Integer({ minimum: 1, maximum: 1000, description: 'So many at most; 100 without it.' }),
  ),
}

const ofPerson = {
  user_id: t.Optional(t.String({ maxLength: 100, description: 'Only what this person has used.' })),
}

export const scopeQuery = t.Object(ofKey)
export const adminScopeQuery = t.Object({ ...ofKey, ...ofPerson })
export const rangeQuery = t.Object({ ...range, ...ofKey })
export const adminRangeQuery = t.Object({ ...range, ...ofKey, ...ofPerson })
export const adminSplitQuery = t.Object({ ...pageIfWanted, ...range, ...ofKey, ...ofPerson, sort })
export const rankQuery = t.Object(rank)
export const adminKeysQuery = t.Object({ ...rank, ...ofPerson })

const filter = {
  from: t.Optional(t.String({ maxLength: 40, description: 'A moment of RFC 3339, or a day: from then on.' })),
  to: t.Optional(t.String({ maxLength: 40, description: 'Up to then; a day is included.' })),
  model: t.Optional(t.String({ maxLength: 300, description: 'Id of a model.' })),
  kind: t.Optional(kind('What it was asked for.')),
  ...ofKey,
}

export const recordsQuery = t.Object({ ...page, ...filter })
export const csvQuery = t.Object(filter)
export const adminRecordsQuery = t.Object({ ...page, ...filter, ...ofPerson })
export const adminCsvQuery = t.Object({ ...filter, ...ofPerson })

const sums = {
  calls: number('Turns and calls, titles and summaries too.'),
  failed: number('Of them, those that failed.'),
  stopped: number('Those that somebody has stopped or left.'),
  interrupted: number('Those that ended with the process that made them.'),
  estimated: number('Those whose tokens the provider did not count.'),
  unpriced: number('Those of whose model no price is known: they add nothing to the cost.'),
  prompt_tokens: number('Of the questions.'),
  cached_tokens: number('Of those, what the provider had read before.'),
  completion_tokens: number('Of the answers.'),
  reasoning_tokens: number('Of those, what was thought and not said.'),
  total_tokens: number('Of questions and answers.'),
  images: number('Images that were made.'),
  cost_micros: number('In millionths of the currency.'),
  error_rate: t.Nullable(
    t.Number({ description: 'Failed ones among all calls, 0 to 1; null: there were none.' }),
  ),
  average_tokens: t.Nullable(t.Number({ description: 'Of a call; null: there were none.' })),
  average_first_token_ms: t.Nullable(
    t.Number({ description: 'Until the first word; null: there was none.' }),
  ),
  average_duration_ms: t.Nullable(t.Number({ description: 'Of a call; null: there were none.' })),
}

export const sumsView = t.Object(sums, { title: 'UsageSums' })

const share = (description: string) => t.Nullable(t.Number({ description }))

const periodView = t.Object(
  {
    ...sums,
    average_calls_a_day: t.Nullable(t.Number({ description: 'null: of how many days is not said.' })),
    change: t.Nullable(
      t.Object({
        calls: share('As a share: 0.5 is half as many again; null: there was nothing before.'),
        tokens: share('The same of tokens.'),
        cost: share('The same of cost.'),
      }),
      {
        description:
          'Against as many days before, until the same time of day; null: there is nothing to compare with.',
      },
    ),
  },
  { title: 'UsagePeriod' },
)

export const summaryView = t.Object(
  {
    timezone: t.String({ description: 'Where days begin.' }),
    currency: t.String({ description: 'Of the cost.' }),
    today: periodView,
    last_7_days: periodView,
    last_30_days: periodView,
    total: periodView,
  },
  { title: 'UsageSummary' },
)

const listOf = <T extends Record<string, TSchema>>(fields: T, description: string) =>
  t.Object({ items: t.Array(t.Object({ ...fields, ...sums }), { description }), next_cursor: noCursor })

const pageOf = <T extends Record<string, TSchema>>(fields: T, description: string) =>
  t.Object({ items: t.Array(t.Object({ ...fields, ...sums }), { description }), next_cursor: nextCursor })

export const byDayView = listOf(
  { day: t.String({ description: 'Like 2026-01-31.' }) },
  'Each day of the range.',
)
export const byHourView = listOf({ hour: number('0 to 23, by that clock.') }, 'Each hour of the day.')
const byModel = { model: t.String({ description: 'Id of the model.' }) }
export const byModelView = listOf(byModel, 'The most used first.')
export const rankedModelsView = pageOf(byModel, 'The most first.')
export const byKindView = pageOf(
  { kind: t.String({ description: 'What it was asked for.' }) },
  'The most used first.',
)
export const byProviderView = pageOf(
  { provider: t.String({ description: 'Its name.' }) },
  'The most used first.',
)

export const byUserView = pageOf(
  {
    user_id: t.Nullable(
      t.String({ description: 'null: visitors without an account, or somebody who is gone.' }),
    ),
    name: t.Nullable(t.String({ description: 'Address, name or number.' })),
  },
  'The most first.',
)

export const byKeyView = pageOf(
  {
    key_id: id('Of the API key.'),
    name: t.Nullable(t.String({ description: 'null: the key is gone.' })),
    user_id: t.Nullable(t.String({ description: 'Whose it is.' })),
  },
  'The most first.',
)

export const recordView = t.Object(
  {
    id: id('Of the row.'),
    user_id: t.Nullable(t.String({ description: 'null: a visitor without an account.' })),
    key_id: t.Nullable(t.String({ format: 'uuid', description: 'The API key that asked.' })),
    kind: kind('What a model was asked for.'),
    turn_id: t.Nullable(t.String({ format: 'uuid', description: 'Of the turn that it was made for.' })),
    model: t.String({ description: 'Id of the model that answered.' }),
    provider: t.String({ description: 'Whose it is.' }),
    prompt_tokens: number('Of the question.'),
    cached_tokens: number('Of those, what the provider had read before.'),
    completion_tokens: number('Of the answer.'),
    reasoning_tokens: number('Of those, what was thought and not said.'),
    images: number('Images that were made.'),
    estimated: t.Boolean({ description: 'The provider did not count, or not to the end.' }),
    cost_micros: t.Nullable(number('In millionths of the currency; null: no price is known.')),
    time_to_first_token_ms: t.Nullable(number('null: there was no word.')),
    duration_ms: number('From the question to the end.'),
    outcome: t.Union(
      [t.Literal('complete'), t.Literal('stopped'), t.Literal('failed'), t.Literal('interrupted')],
      { description: 'How it ended.' },
    ),
    error_code: t.Nullable(t.String({ description: 'Why it failed.' })),
    created_at: moment('When it ended.'),
  },
  { title: 'UsageRecord' },
)

export const recordsView = t.Object({
  items: t.Array(recordView, { description: 'The newest first.' }),
  next_cursor: nextCursor,
})
