import { t } from 'elysia'
import { id, moment, nextCursor, page } from '../../http/schema-fields.ts'

const quotaWindow = t.Object(
  {
    unit: t.Union([t.Literal('requests'), t.Literal('tokens'), t.Literal('cost')], {
      description: '`cost` counts in millionths of the currency.',
    }),
    period: t.Union([t.Literal('day'), t.Literal('month')], {
      description: 'By the clock of the service, or the person’s own.',
    }),
    limit: t.Nullable(t.Integer({ description: 'null: there is none.' })),
    used: t.Integer({ description: 'Up to now; what is under way comes in when it has ended.' }),
    left: t.Nullable(t.Integer({ description: 'null: any number.' })),
    resets_at: moment('When the window begins anew, with nothing used.'),
  },
  { title: 'QuotaWindow' },
)

export const balanceView = t.Object(
  {
    micros: t.Integer({
      description: 'What was paid in and not used, in millionths. It pays for what the plan has no room for.',
    }),
    currency: t.String({ description: 'Of all prices and costs.' }),
  },
  { title: 'Balance' },
)

export const redeemBody = t.Object({
  code: t.String({
    minLength: 1,
    maxLength: 100,
    description: 'As it was handed out; small letters will do.',
  }),
})

export const redeemedView = t.Composite([
  balanceView,
  t.Object({ added_micros: t.Integer({ description: 'What the code was worth.' }) }),
])

export const entriesQuery = t.Object(page)

export const entriesView = t.Object({
  items: t.Array(
    t.Object(
      {
        id: id('Of the entry.'),
        micros: t.Integer({ description: 'Below zero: it was paid.' }),
        reason: t.Union([t.Literal('code'), t.Literal('usage'), t.Literal('grant')], {
          description: 'A code was redeemed, a call was paid, or an administrator has changed the balance.',
        }),
        created_at: moment('When.'),
      },
      { title: 'BalanceEntry' },
    ),
    { description: 'The newest first.' },
  ),
  next_cursor: nextCursor,
})

export const quotaView = t.Object(
  {
    plan: t.String({ description: 'Its name.' }),
    windows: t.Array(quotaWindow, { description: 'One for each unit and period.' }),
  },
  { title: 'Quota' },
)
