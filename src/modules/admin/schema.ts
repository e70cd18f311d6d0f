import { t } from 'elysia'
import { id, moment, nextCursor, order, page } from '../../http/schema-fields.ts'

const fields = (description: string) => t.Nullable(t.Record(t.String(), t.Unknown()), { description })

export const actsQuery = t.Object({
  ...page,
  action: t.Optional(t.String({ maxLength: 100, description: 'Such as `user.ban`.' })),
  target_id: t.Optional(t.String({ maxLength: 300, description: 'What it was done to.' })),
  actor_id: t.Optional(t.String({ maxLength: 100, description: 'Who did it: the id of a person.' })),
  actor: t.Optional(
    t.String({
      maxLength: 100,
      description: 'Who did it: part of an e-mail address, name or phone number, or a whole id.',
    }),
  ),
  target: t.Optional(
    t.String({
      maxLength: 300,
      description:
        'What it was done to: part of its id or its name; of a person, also of an e-mail address or phone number.',
    }),
  ),
  order: order('desc'),
})

const actView = t.Object({
  id: id('Of this entry.'),
  action: t.String({ description: 'The kind of thing and the deed: `user.ban`.' }),
  actor_id: t.Nullable(t.String({ description: 'null: the command line, or an account that is gone.' })),
  actor_name: t.String({ description: 'As it was then.' }),
  target_type: t.String({ description: 'What kind of thing it was done to: `user`, `model` …' }),
  target_id: t.String({ description: 'Which of them.' }),
  target_name: t.Nullable(
    t.String({
      description:
        'What it is called now: address, name or number of a person, name of a model or key, note or ending of an invitation or code. null: it is gone, or has no name beside its id.',
    }),
  ),
  ip: t.Nullable(t.String({ description: 'From where; null: the command line.' })),
  before: fields('What of it was changed, as it was.'),
  after: fields('The same, as it is since.'),
  created_at: moment('When it was done.'),
})

export const actsView = t.Object(
  { items: t.Array(actView, { description: 'In the order that was asked for.' }), next_cursor: nextCursor },
  { description: 'Newest first if nothing else is asked for. Secrets are shown as `[hidden]`.' },
)
