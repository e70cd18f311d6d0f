import { t } from 'elysia'

const id = t.String({ format: 'uuid' })
const moment = t.String({ format: 'date-time' })
const title = t.Optional(
  t.Nullable(t.String({ maxLength: 1000, description: '1 to 200 characters; null: made from a question.' })),
)
const model = t.Optional(
  t.Nullable(
    t.String({
      maxLength: 200,
      description: '`provider/model`, of those at /api/v1/models; null: the default.',
    }),
  ),
)
const systemPrompt = t.Optional(
  t.Nullable(
    t.String({ maxLength: 32_768, description: 'At most 32 KiB; null: that of the service; empty: none.' }),
  ),
)
// For documentation alone: a text in place of an object of optional fields would be taken for an empty one here.
const parameters = t.Optional(
  t.Unknown({
    type: ['object', 'null'],
    properties: {
      temperature: { type: 'number', minimum: 0, maximum: 2 },
      top_p: { type: 'number', minimum: 0, maximum: 1 },
      max_tokens: { type: 'integer', minimum: 1 },
    },
    description: 'All of them anew; what is absent is left to the model.',
  }),
)

export const createBody = t.Optional(
  t.Object({
    title,
    model,
    system_prompt: systemPrompt,
    parameters,
    temporary: t.Optional(
      t.Boolean({ description: 'In no list, and gone for good 24 hours after its last message.' }),
    ),
  }),
)

export const updateBody = t.Object(
  {
    title,
    pinned: t.Optional(t.Boolean()),
    model,
    system_prompt: systemPrompt,
    parameters,
    current_message_id: t.Optional(
      t.String({ format: 'uuid', description: 'Any message: its branch is shown, to its newest end.' }),
    ),
  },
  { description: 'What is absent stays as it is.' },
)

export const forkBody = t.Optional(
  t.Object({
    message_id: t.Optional(
      t.Nullable(
        t.String({ format: 'uuid', description: 'The last to be copied; without it the one shown last.' }),
      ),
    ),
  }),
)

export const ratingBody = t.Object({
  rating: t.Union([t.Literal('up'), t.Literal('down')]),
  note: t.Optional(t.Nullable(t.String({ maxLength: 10_000, description: 'At most 2,000 characters.' }))),
})

const page = {
  cursor: t.Optional(t.String({ maxLength: 500, description: '`next_cursor` of the page before.' })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: '30 without it.' })),
}
const flag = t.Optional(t.Union([t.Literal('true'), t.Literal('false')]))

export const conversationsQuery = t.Object({
  ...page,
  archived: flag,
  deleted: flag,
  tag: t.Optional(t.String({ maxLength: 200, description: 'Id or name: only those that have this tag.' })),
})

export const messagesQuery = t.Object({
  ...page,
  leaf: t.Optional(
    t.String({
      maxLength: 100,
      description: 'Last message of the branch; without it the one that is shown.',
    }),
  ),
})

export const tagView = t.Object({ id, name: t.String() })

export const conversationView = t.Object({
  id,
  title: t.Nullable(t.String()),
  model: t.Nullable(t.String()),
  system_prompt: t.Nullable(t.String()),
  parameters: t.Object({
    temperature: t.Optional(t.Number()),
    top_p: t.Optional(t.Number()),
    max_tokens: t.Optional(t.Integer()),
  }),
  pinned: t.Boolean(),
  archived: t.Boolean(),
  temporary: t.Boolean(),
  tags: t.Array(tagView, { description: 'By name.' }),
  current_message_id: t.Nullable(id),
  active_turn_id: t.Nullable(t.String({ format: 'uuid', description: 'The turn that runs in it.' })),
  created_at: moment,
  updated_at: t.String({ format: 'date-time', description: 'Of its last message.' }),
  deleted_at: t.Nullable(t.String({ format: 'date-time', description: 'When it was put into the bin.' })),
})

export const conversationsView = t.Object({
  items: t.Array(conversationView),
  next_cursor: t.Nullable(t.String()),
})

export const usageView = t.Object({
  prompt_tokens: t.Integer(),
  completion_tokens: t.Integer(),
  total_tokens: t.Integer(),
  estimated: t.Boolean({ description: 'The provider sent no numbers.' }),
  cost: t.Nullable(t.Number({ description: 'Null where no price is known.' })),
})

export const messageView = t.Object({
  id,
  parent_id: t.Nullable(id),
  siblings: t.Array(id, { description: 'All that follow the same message, this one too, oldest first.' }),
  role: t.Union([t.Literal('user'), t.Literal('assistant')]),
  content: t.String(),
  reasoning: t.Optional(t.String()),
  status: t.Union([
    t.Literal('running'),
    t.Literal('complete'),
    t.Literal('stopped'),
    t.Literal('failed'),
    t.Literal('interrupted'),
  ]),
  model: t.Nullable(t.String()),
  usage: t.Nullable(usageView),
  finish_reason: t.Nullable(t.String()),
  error_code: t.Nullable(t.String()),
  duration_ms: t.Nullable(t.Integer()),
  time_to_first_token_ms: t.Nullable(t.Integer()),
  rating: t.Nullable(t.Union([t.Literal('up'), t.Literal('down')])),
  rating_note: t.Nullable(t.String()),
  created_at: moment,
})

export const messagesView = t.Object({ items: t.Array(messageView), next_cursor: t.Nullable(t.String()) })

const tagName = t.String({
  maxLength: 200,
  description: '1 to 50 characters; capitals make no other name, and what looks like an id is none.',
})

export const newTagBody = t.Object({ name: tagName })

export const tagBody = t.Object({
  name: tagName,
  merge: t.Optional(
    t.Boolean({ description: 'When another tag has the name: what has this one gets that one instead.' }),
  ),
})

export const tagsBody = t.Object({
  tags: t.Array(t.String({ maxLength: 200 }), {
    maxItems: 50,
    description: 'Ids or names, these and no others; a name that is new becomes a tag.',
  }),
})

export const tagsQuery = t.Object({
  sort: t.Optional(
    t.Union([t.Literal('name'), t.Literal('last_used')], { description: '`name` without it.' }),
  ),
})

export const tagsView = t.Object({
  items: t.Array(
    t.Object({
      id,
      name: t.String(),
      count: t.Integer({ description: 'Of its conversations, archived ones too, those in the bin not.' }),
      last_used_at: t.Nullable(
        t.String({ format: 'date-time', description: 'The last message of these conversations.' }),
      ),
    }),
  ),
  next_cursor: t.Null(),
})

export const manyBody = t.Object({
  ids: t.Array(t.String({ maxLength: 100 }), {
    minItems: 1,
    maxItems: 100,
    description: 'Of conversations.',
  }),
  action: t.Union([
    t.Literal('archive'),
    t.Literal('unarchive'),
    t.Literal('delete'),
    t.Literal('restore'),
    t.Literal('tag'),
    t.Literal('untag'),
  ]),
  tag: t.Optional(
    t.Nullable(
      t.String({ maxLength: 200, description: 'Id or name, for `tag` (where it may be new) and `untag`.' }),
    ),
  ),
})

export const manyView = t.Object({
  items: t.Array(
    t.Object({
      id: t.String(),
      status: t.Union([t.Literal('ok'), t.Literal('not_found')], { description: 'Of this one.' }),
    }),
    { description: 'Each id once, in the order given.' },
  ),
})

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
  archived: flag,
  from: t.Optional(t.String({ maxLength: 100, description: 'Not before this moment, or day in UTC.' })),
  to: t.Optional(t.String({ maxLength: 100, description: 'Before this moment, or day in UTC.' })),
})

export const searchView = t.Object({
  items: t.Array(
    t.Object({
      conversation_id: id,
      conversation_title: t.Nullable(t.String()),
      message_id: t.Nullable(t.String({ format: 'uuid', description: 'Null: the title was found.' })),
      role: t.Nullable(t.Union([t.Literal('user'), t.Literal('assistant')])),
      snippet: t.Array(
        t.Object({ text: t.String(), hit: t.Boolean({ description: 'This is what was looked for.' }) }),
        { description: 'The surroundings of the first hit, to be put together in this order.' },
      ),
      created_at: t.String({ format: 'date-time', description: 'Of the message, or of the conversation.' }),
    }),
  ),
  next_cursor: t.Nullable(
    t.String({ description: 'There may be more behind it, also when this page is not full.' }),
  ),
})
