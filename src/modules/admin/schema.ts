import { t } from 'elysia'
import { id, moment, nextCursor, page } from '../../http/schema-fields.ts'

const fields = (description: string) => t.Nullable(t.Record(t.String(), t.Unknown()), { description })

export const actsQuery = t.Object({
  ...page,
  action: t.Optional(t.String({ maxLength: 100, description: 'Such as `user.ban`.' })),
  target_id: t.Optional(t.String({ maxLength: 300, description: 'What it was done to.' })),
  actor_id: t.Optional(t.String({ maxLength: 100, description: 'Who did it: the id of a person.' })),
})

const actView = t.Object({
  id: id('Of this entry.'),
  action: t.String({ description: 'The kind of thing and the deed: `user.ban`.' }),
  actor_id: t.Nullable(t.String({ description: 'null: the command line, or an account that is gone.' })),
  actor_name: t.String({ description: 'As it was then.' }),
  target_type: t.String({ description: 'What kind of thing it was done to: `user`, `model` …' }),
  target_id: t.String({ description: 'Which of them.' }),
  ip: t.Nullable(t.String({ description: 'From where; null: the command line.' })),
  before: fields('What of it was changed, as it was.'),
  after: fields('The same, as it is since.'),
  created_at: moment('When it was done.'),
})

export const actsView = t.Object(
  { items: t.Array(actView, { description: 'Newest first.' }), next_cursor: nextCursor },
  { description: 'Newest first. Secrets are shown as `[hidden]`.' },
)
