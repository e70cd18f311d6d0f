import { t } from 'elysia'

const moment = t.String({ format: 'date-time' })
const fields = t.Nullable(t.Record(t.String(), t.Unknown()))

/** Of every list here that comes in pages. */
export const page = {
  cursor: t.Optional(t.String({ maxLength: 500, description: '`next_cursor` of the page before.' })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: '30 without it.' })),
}

export const actsQuery = t.Object({
  ...page,
  action: t.Optional(t.String({ maxLength: 100, description: 'Such as `user.ban`.' })),
  target_id: t.Optional(t.String({ maxLength: 300, description: 'What it was done to.' })),
  actor_id: t.Optional(t.String({ maxLength: 100, description: 'Who did it: the id of a person.' })),
})

const actView = t.Object({
  id: t.String({ format: 'uuid' }),
  action: t.String({ description: 'The kind of thing and the deed: `user.ban`.' }),
  actor_id: t.Nullable(t.String({ description: 'null: the command line, or an account that is gone.' })),
  actor_name: t.String({ description: 'As it was then.' }),
  target_type: t.String(),
  target_id: t.String(),
  ip: t.Nullable(t.String()),
  before: fields,
  after: fields,
  created_at: moment,
})

export const actsView = t.Object(
  { items: t.Array(actView), next_cursor: t.Nullable(t.String()) },
  { description: 'Newest first. Secrets are shown as `[hidden]`.' },
)
