import { t } from 'elysia'

const id = t.String({ format: 'uuid' })
const moment = t.String({ format: 'date-time' })
const displayName = t.Optional(
  t.Nullable(
    t.String({
      maxLength: 500,
      description: 'What readers are told about whose it is: 1 to 50 characters; null: nothing.',
    }),
  ),
)
const expiry = {
  expires_at: t.Optional(
    t.Nullable(t.String({ maxLength: 50, description: 'A moment of RFC 3339; null: never.' })),
  ),
  expires_in_seconds: t.Optional(
    t.Nullable(t.Integer({ minimum: 1, maximum: 315_360_000, description: 'The same, from now on.' })),
  ),
}

export const shareBody = t.Optional(
  t.Object({
    leaf_message_id: t.Optional(
      t.Nullable(
        t.String({
          maxLength: 100,
          description: 'Last message of the branch; without it of the one that is shown.',
        }),
      ),
    ),
    title: t.Optional(
      t.Nullable(
        t.String({ maxLength: 1000, description: '1 to 200 characters; without it the conversation’s.' }),
      ),
    ),
    display_name: displayName,
    ...expiry,
  }),
)

export const shareChangesBody = t.Object(
  {
    title: t.Optional(t.String({ maxLength: 1000, description: '1 to 200 characters.' })),
    display_name: displayName,
    ...expiry,
  },
  { description: 'What is absent stays as it is.' },
)

export const sharesQuery = t.Object({
  cursor: t.Optional(t.String({ maxLength: 500, description: '`next_cursor` of the page before.' })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: '30 without it.' })),
})

export const shareView = t.Object({
  id,
  url: t.String({ description: 'Of the page that shows it.' }),
  token: t.String({ description: 'The end of that address; whoever has it may read.' }),
  conversation_id: id,
  title: t.String(),
  display_name: t.Nullable(t.String()),
  created_at: moment,
  expires_at: t.Nullable(moment),
})

export const sharesView = t.Object({ items: t.Array(shareView), next_cursor: t.Nullable(t.String()) })

export const sharedView = t.Object({
  title: t.String(),
  display_name: t.Nullable(t.String()),
  created_at: moment,
  expires_at: t.Nullable(moment),
  messages: t.Array(
    t.Object({
      role: t.Union([t.Literal('user'), t.Literal('assistant')]),
      content: t.String({ description: 'Markdown, and nothing to be trusted.' }),
      created_at: moment,
    }),
    { description: 'As they were when it was shared, oldest first.' },
  ),
})
