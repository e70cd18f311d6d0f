import { t } from 'elysia'
import { id, moment, noCursor } from '../../http/schema-fields.ts'

const scope = t.Union([t.Literal('chat'), t.Literal('images'), t.Literal('files'), t.Literal('usage')])

const limit = (description: string) =>
  t.Optional(
    t.Nullable(
      t.Number({
        multipleOf: 1,
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: `${description}; null: no limit.`,
      }),
    ),
  )

/** By period and unit. */
const limits = {
  requests_day: limit('Requests in a day'),
  tokens_day: limit('Tokens in a day'),
  cost_day: limit('Cost in a day, in millionths of the currency'),
  requests_month: limit('Requests in a month'),
  tokens_month: limit('Tokens in a month'),
  cost_month: limit('Cost in a month, in millionths of the currency'),
}

/** Names are checked by the use case: the framework would drop a misspelled one, and with it the limit. */
const quota = t.Record(t.String(), limit('Requests, tokens or cost'), {
  description: `Of this key alone, beside the quota of its owner: ${Object.keys(limits)
    .map((name) => `\`${name}\``)
    .join(', ')}; cost in millionths of the currency. What is absent has no limit.`,
})

const rate = t.Object(
  {
    requests: t.Number({ multipleOf: 1, minimum: 1, maximum: 1_000_000, description: 'So many requests.' }),
    seconds: t.Number({ multipleOf: 1, minimum: 1, maximum: 86_400, description: 'In so many seconds.' }),
  },
  { description: 'How fast this key may ask, instead of LIMIT_GATEWAY_KEY.' },
)

const name = t.String({ maxLength: 500, description: 'For its owner: 1 to 100 characters.' })

const restrictions = {
  scopes: t.Optional(
    t.Array(scope, {
      minItems: 1,
      maxItems: 20,
      description:
        'What it may be used for. `chat`: questions and embeddings at /v1. `images`: to have pictures drawn, at /v1 and /api/v1. `files`: the pictures that are kept, to list, fetch and delete them. `usage`: to read what its owner has used and may use. Without it all of these.',
    }),
  ),
  models: t.Optional(
    t.Nullable(
      t.Array(t.String({ maxLength: 300 }), {
        minItems: 1,
        maxItems: 100,
        description:
          'Ids of models, those that draw among them, and no others; null: all that its owner may use.',
      }),
    ),
  ),
  expires_at: t.Optional(
    t.Nullable(t.String({ maxLength: 50, description: 'A moment of RFC 3339; null: never.' })),
  ),
  quota: t.Optional(t.Nullable(quota)),
  rate: t.Optional(t.Nullable(rate)),
  allowed_addresses: t.Optional(
    t.Nullable(
      t.Array(t.String({ maxLength: 100 }), {
        minItems: 1,
        maxItems: 100,
        description: 'Addresses and ranges, such as `192.0.2.0/24`, `2001:db8::/32`; null: from everywhere.',
      }),
    ),
  ),
}

export const newKeyBody = t.Object({ name, ...restrictions })

export const keyBody = t.Object({ name: t.Optional(name), ...restrictions })

const fields = {
  id: id('Of the key; also in what is told about usage.'),
  name: t.String({ description: 'For its owner.' }),
  prefix: t.String({ description: 'How it begins.' }),
  last_four: t.String({ description: 'How it ends.' }),
  scopes: t.Array(scope, { description: 'What it may be used for.' }),
  models: t.Nullable(
    t.Array(t.String(), { description: 'Ids of models; null: all that its owner may use.' }),
  ),
  expires_at: t.Nullable(moment('When it stops being good; null: never.')),
  quota: t.Object(limits, { description: 'Of this key alone; what is absent has no limit.' }),
  rate: t.Nullable(rate),
  allowed_addresses: t.Nullable(
    t.Array(t.String(), { description: 'Addresses and ranges; null: from everywhere.' }),
  ),
  created_at: moment('When it was made.'),
  last_used_at: t.Nullable(moment('To the minute; null: never.')),
}

export const keyView = t.Object(fields, { title: 'ApiKey', description: 'An API key, without itself.' })

export const newKeyView = t.Object({
  key: t.String({ description: 'The key itself. It is shown this once.' }),
  ...fields,
})

export const keysView = t.Object({
  items: t.Array(keyView, { description: 'The newest first.' }),
  next_cursor: noCursor,
})
