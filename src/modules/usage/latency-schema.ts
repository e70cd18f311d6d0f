import { t } from 'elysia'
import { moment, noCursor } from '../../http/schema-fields.ts'

/** Of a time; null where there was nothing to measure. */
export const spread = (description: string) =>
  t.Nullable(
    t.Object({
      p50: t.Integer({ description: 'Milliseconds: half were no slower.' }),
      p95: t.Integer({ description: 'Milliseconds: all but one in twenty were no slower.' }),
    }),
    { description },
  )

const latency = {
  calls: t.Integer({ description: 'Turns and calls that ended, titles and summaries too.' }),
  first_token_ms: spread('Until the first word; null: there was none.'),
  duration_ms: spread('Of those that came to their end; null: none did.'),
}

export const latenciesQuery = t.Object({
  period: t.Optional(
    t.Union([t.Literal('24h'), t.Literal('7d')], { description: 'How far back; `24h` without it.' }),
  ),
})

export const latenciesView = t.Object(
  {
    since: moment('What ended before was left out.'),
    capped: t.Boolean({
      description:
        'There were more calls than are looked at: only the newest 50,000 count, those since `since`.',
    }),
    all: t.Object(latency, { description: 'All models together.' }),
    items: t.Array(t.Object({ model: t.String({ description: 'Id of the model.' }), ...latency }), {
      description: 'Each model, the most asked first; 100 at most.',
    }),
    next_cursor: noCursor,
  },
  { title: 'Latencies' },
)
