import { t } from 'elysia'
import { id, moment, nextCursor, order, pageIfWanted, search } from '../../http/schema-fields.ts'
import { balanceView, quotaView } from '../usage/schema.ts'
import { handedOutQuery } from './invite-schema.ts'

const most = 1_000_000_000_000

/** Names are checked by the use case: the framework would drop a misspelled one, and make an object of a number. */
export const limitsBody = t.Record(
  t.String(),
  t.Nullable(t.Number({ minimum: 0, maximum: most, multipleOf: 1 })),
  {
    minProperties: 1,
    description:
      '`requests_day`, `tokens_day`, `cost_day`, `requests_month`, `tokens_month`, `cost_month`; one of them at least. null: any number. Cost in millionths of the currency; a month is one of the calendar.',
  },
)

const limitsView = t.Record(t.String(), t.Nullable(t.Integer()), {
  title: 'Limits',
  description: 'By name: `requests_day` and so on. What is absent is not limited.',
})

export const planBody = t.Object({ limits: limitsBody })

export const newPlanBody = t.Object({
  name: t.String({
    minLength: 1,
    maxLength: 32,
    description: '1 to 32 lower-case letters, digits, hyphens and underscores.',
  }),
  limits: limitsBody,
})

export const planView = t.Object(
  {
    name: t.String({ description: 'What people are given.' }),
    limits: limitsView,
    updated_at: moment('When it was last changed.'),
  },
  { title: 'Plan' },
)

export const plansQuery = t.Object({
  ...pageIfWanted,
  search: search('Part of its name.'),
  sort: t.Optional(
    t.Union([t.Literal('name'), t.Literal('people')], { description: 'By what; `name` without it.' }),
  ),
  order: order('asc'),
})

export const plansView = t.Object({
  items: t.Array(
    t.Composite([
      planView,
      t.Object({
        people: t.Integer({
          description: 'So many have it; of the plan of everybody, those too who have none of their own.',
        }),
      }),
    ]),
    { description: 'In the order that was asked for; by name without one.' },
  ),
  next_cursor: nextCursor,
})

const timezone = t.Nullable(
  t.String({ maxLength: 64, description: 'Where this person’s days begin; null: as for everybody.' }),
)

export const overrideBody = t.Object({
  limits: t.Optional(limitsBody),
  timezone: t.Optional(timezone),
})

const overrideView = t.Object({ limits: limitsView, timezone }, { title: 'QuotaOverride' })

export const userQuotaView = t.Composite([
  quotaView,
  t.Object({
    override: t.Nullable(overrideView, {
      description:
        'Instead of what the plan says: a limit that is null is lifted, one that is absent is the plan’s.',
    }),
  }),
])

export const userBalanceView = balanceView

export const balanceBody = t.Object({
  micros: t.Number({
    minimum: -most,
    maximum: most,
    multipleOf: 1,
    description: 'What is added, in millionths of the currency; below zero: taken away.',
  }),
  note: t.Optional(t.Nullable(t.String({ maxLength: 500, description: 'Why: for the audit log.' }))),
})

export const codesQuery = t.Object({
  ...handedOutQuery,
  state: t.Optional(
    t.Union([t.Literal('open'), t.Literal('used_up'), t.Literal('expired'), t.Literal('withdrawn')], {
      description:
        'Only those that are; what was used up stays `used_up`, and what was withdrawn is not `expired`.',
    }),
  ),
  sort: t.Optional(
    t.Union([t.Literal('created'), t.Literal('note'), t.Literal('uses'), t.Literal('worth')], {
      description: 'By what; `created` without it. A cursor is good for the order that it came with.',
    }),
  ),
})

export const newCodesBody = t.Object({
  micros: t.Number({
    minimum: 1,
    maximum: most,
    multipleOf: 1,
    description: 'What each is worth, in millionths of the currency.',
  }),
  count: t.Optional(
    t.Number({ minimum: 1, maximum: 1000, multipleOf: 1, description: 'So many codes; 1 without it.' }),
  ),
  max_uses: t.Optional(
    t.Number({
      minimum: 1,
      maximum: 1_000_000,
      multipleOf: 1,
      description: 'So many people may redeem each, once; 1 without it.',
    }),
  ),
  expires_at: t.Optional(
    t.Nullable(t.String({ maxLength: 50, description: 'A moment of RFC 3339; null: never.' })),
  ),
  note: t.Optional(t.Nullable(t.String({ maxLength: 200, description: 'For whom or what they are.' }))),
})

export const codeView = t.Object(
  {
    id: id('Of the code.'),
    ending: t.String({ description: 'Its last four characters.' }),
    micros: t.Integer({ description: 'What it is worth.' }),
    max_uses: t.Integer({ description: 'So many people may redeem it.' }),
    uses: t.Integer({ description: 'So many have.' }),
    note: t.Nullable(t.String({ description: 'For whom or what it is.' })),
    created_at: moment('When it was made.'),
    expires_at: t.Nullable(moment('From then on it is worth nothing; null: never.')),
    withdrawn_at: t.Nullable(moment('An administrator has taken it back; null: none has.')),
  },
  { title: 'TopUpCode' },
)

export const codesView = t.Object({
  items: t.Array(codeView, {
    description:
      'In the order that was asked for, the newest first without one; used up and expired ones too.',
  }),
  next_cursor: nextCursor,
})

export const newCodesView = t.Object({
  items: t.Array(
    t.Composite([
      codeView,
      t.Object({ code: t.String({ description: 'To be handed on. Shown this once.' }) }),
    ]),
    { description: 'All that were made.' },
  ),
})
