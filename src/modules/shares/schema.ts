import { t } from 'elysia'
import { id, moment, nextCursor, page } from '../../http/schema-fields.ts'

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

export const sharesQuery = t.Object(page)

export const shareView = t.Object(
  {
    id: id('Of the link, for its owner.'),
    url: t.String({ description: 'Of the page that shows it.' }),
    token: t.String({ description: 'The end of that address; whoever has it may read.' }),
    conversation_id: id('Whose branch it shows.'),
    title: t.String({ description: 'What readers see above it.' }),
    display_name: t.Nullable(
      t.String({ description: 'Whose it is, as readers are told; null: they are not.' }),
    ),
    created_at: moment('When it was shared: what was said since is not in it.'),
    expires_at: t.Nullable(moment('From then on it leads nowhere; null: never.')),
  },
  { title: 'Share', description: 'A public link to one branch, as its owner sees it.' },
)

export const sharesView = t.Object({
  items: t.Array(shareView, { description: 'Newest first.' }),
  next_cursor: nextCursor,
})

export const sharedView = t.Object(
  {
    title: t.String({ description: 'As its owner chose it, or the conversation’s.' }),
    display_name: t.Nullable(t.String({ description: 'Whose it is; null: that is not told.' })),
    created_at: moment('When it was shared.'),
    expires_at: t.Nullable(moment('From then on it is not found; null: never.')),
    messages: t.Array(
      t.Object({
        role: t.Union([t.Literal('user'), t.Literal('assistant')], { description: 'Who said it.' }),
        content: t.String({ description: 'Markdown, and nothing to be trusted.' }),
        created_at: moment('When it was said.'),
      }),
      { description: 'As they were when it was shared, oldest first.' },
    ),
  },
  { title: 'SharedBranch', description: 'What readers of a public link see.' },
)
