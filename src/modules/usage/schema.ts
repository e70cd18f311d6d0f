import { t } from 'elysia'

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
    resets_at: t.String({
      format: 'date-time',
      description: 'When the window begins anew, with nothing used.',
    }),
  },
  { title: 'QuotaWindow' },
)

export const quotaView = t.Object(
  {
    plan: t.String({ description: 'Its name.' }),
    windows: t.Array(quotaWindow, { description: 'One for each unit and period.' }),
  },
  { title: 'Quota' },
)
