import { t } from 'elysia'
import { flag, id, moment, page } from '../../http/schema-fields.ts'

export const searchQuery = t.Object({
  ...page,
  q: t.String({
    description:
      'At most 200 characters: words, all of which must be there, and "phrases" in quotation marks. The last word may be a beginning.',
  }),
  conversation_id: t.Optional(t.String({ maxLength: 100, description: 'In this one only.' })),
  role: t.Optional(
    t.Union([t.Literal('user'), t.Literal('assistant')], {
      description: 'Messages of this role; no titles.',
    }),
  ),
  archived: flag('`true`: in the archive only; `false`: not there.'),
  from: t.Optional(t.String({ maxLength: 100, description: 'Not before this moment, or day in UTC.' })),
  to: t.Optional(t.String({ maxLength: 100, description: 'Before this moment, or day in UTC.' })),
})

export const searchView = t.Object({
  items: t.Array(
    t.Object({
      conversation_id: id('Where it was found.'),
      conversation_title: t.Nullable(t.String({ description: 'Of that conversation; null: not named yet.' })),
      message_id: t.Nullable(id('Null: the title was found.')),
      role: t.Nullable(
        t.Union([t.Literal('user'), t.Literal('assistant')], {
          description: 'Who said it; null: the title.',
        }),
      ),
      snippet: t.Array(
        t.Object({
          text: t.String({ description: 'A piece of the text.' }),
          hit: t.Boolean({ description: 'This is what was looked for.' }),
        }),
        { description: 'The surroundings of the first hit, to be put together in this order.' },
      ),
      created_at: moment('Of the message, or of the conversation.'),
    }),
    { description: 'Newest first.' },
  ),
  next_cursor: t.Nullable(
    t.String({ description: 'There may be more behind it, also when this page is not full.' }),
  ),
})
