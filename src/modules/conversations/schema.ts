import { t } from 'elysia'
import { flag, id, moment, nextCursor, page } from '../../http/schema-fields.ts'
import { tagView } from './tag-schema.ts'

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
export const parameterTexts = {
  temperature: 'How freely words are chosen, 0 to 2: 0 is nearly always the same answer.',
  topP: 'Only words that together are so likely are chosen from, 0 to 1; another way to do what `temperature` does.',
  maxTokens: 'The longest answer, in tokens; a model has its own limit besides.',
}
// For documentation alone: a text in place of an object of optional fields would be taken for an empty one here.
const parameters = t.Optional(
  t.Unknown({
    type: ['object', 'null'],
    properties: {
      temperature: { type: 'number', minimum: 0, maximum: 2, description: parameterTexts.temperature },
      top_p: { type: 'number', minimum: 0, maximum: 1, description: parameterTexts.topP },
      max_tokens: { type: 'integer', minimum: 1, description: parameterTexts.maxTokens },
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
    pinned: t.Optional(t.Boolean({ description: 'On top of the list.' })),
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
  rating: t.Union([t.Literal('up'), t.Literal('down')], { description: 'Good, or not.' }),
  note: t.Optional(
    t.Nullable(t.String({ maxLength: 10_000, description: 'Why, in at most 2,000 characters.' })),
  ),
})

export const conversationsQuery = t.Object({
  ...page,
  archived: flag('`true`: those in the archive instead.'),
  deleted: flag('`true`: those in the bin instead, archived or not.'),
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

export const conversationView = t.Object(
  {
    id: id('Of the conversation.'),
    title: t.Nullable(t.String({ description: 'Null: not named yet.' })),
    model: t.Nullable(
      t.String({ description: 'The model asked in it, `provider/model`; null: the default.' }),
    ),
    system_prompt: t.Nullable(
      t.String({
        description: 'What the model is told before all else; null: that of the service; empty: nothing.',
      }),
    ),
    parameters: t.Object(
      {
        temperature: t.Optional(t.Number({ description: parameterTexts.temperature })),
        top_p: t.Optional(t.Number({ description: parameterTexts.topP })),
        max_tokens: t.Optional(t.Integer({ description: parameterTexts.maxTokens })),
      },
      { description: 'How the model is asked; what is absent is left to it.' },
    ),
    pinned: t.Boolean({ description: 'It stands on top of the list.' }),
    archived: t.Boolean({ description: 'It is in the archive, and not in the usual list.' }),
    temporary: t.Boolean({ description: 'In no list, and gone for good 24 hours after its last message.' }),
    tags: t.Array(tagView, { description: 'By name.' }),
    current_message_id: t.Nullable(id('The last message of the branch that is shown; null: it is empty.')),
    active_turn_id: t.Nullable(id('The turn that runs in it.')),
    created_at: moment('When it was begun.'),
    updated_at: moment('Of its last message.'),
    deleted_at: t.Nullable(moment('When it was put into the bin, from which it is gone after 30 days.')),
  },
  { title: 'Conversation', description: 'Questions and answers; a tree, of which one branch is shown.' },
)

export const conversationsView = t.Object(
  {
    items: t.Array(conversationView, {
      description: 'Pinned ones on top, then by their last message, newest first.',
    }),
    next_cursor: nextCursor,
  },
  { title: 'ConversationPage' },
)

export const usageView = t.Object(
  {
    prompt_tokens: t.Integer({ description: 'Tokens that the model read.' }),
    completion_tokens: t.Integer({ description: 'Tokens that it wrote, its thoughts included.' }),
    total_tokens: t.Integer({ description: 'Both together.' }),
    estimated: t.Boolean({
      description: 'Our own estimate: the provider sent no numbers, or the answer ended before it could.',
    }),
    cost: t.Nullable(
      t.Number({ description: 'In the currency of the price list; null where no price is known.' }),
    ),
  },
  { title: 'Usage', description: 'What an answer has taken.' },
)

export const messageView = t.Object(
  {
    id: id('Of the message.'),
    parent_id: t.Nullable(id('The message that it follows; null: it begins the conversation.')),
    siblings: t.Array(id('Of such a message.'), {
      description: 'All that follow the same message, this one too, oldest first.',
    }),
    role: t.Union([t.Literal('user'), t.Literal('assistant')], { description: 'Who said it.' }),
    content: t.String({ description: 'What was said; Markdown, and nothing to be trusted.' }),
    reasoning: t.Optional(t.String({ description: 'What the model thought before, where it tells.' })),
    status: t.Union(
      [
        t.Literal('running'),
        t.Literal('complete'),
        t.Literal('stopped'),
        t.Literal('failed'),
        t.Literal('interrupted'),
      ],
      {
        description:
          '`running`: still being made. `stopped`: by a person. `failed`: see `error_code`. `interrupted`: cut off by a restart. Whatever there is of it is in `content`.',
      },
    ),
    model: t.Nullable(t.String({ description: 'Which has answered, `provider/model`; null: a question.' })),
    usage: t.Nullable(usageView, { description: 'Null: a question, or an answer under way.' }),
    finish_reason: t.Nullable(
      t.String({ description: 'Why the model ended: `stop`, `length` (its greatest length) and others.' }),
    ),
    error_code: t.Nullable(t.String({ description: 'The `code` that a refused request would have had.' })),
    duration_ms: t.Nullable(
      t.Integer({ description: 'From the question to the end of the answer, in milliseconds.' }),
    ),
    time_to_first_token_ms: t.Nullable(
      t.Integer({ description: 'From the question to the first word, in milliseconds.' }),
    ),
    rating: t.Nullable(
      t.Union([t.Literal('up'), t.Literal('down')], { description: 'What was thought of the answer.' }),
    ),
    rating_note: t.Nullable(t.String({ description: 'And why.' })),
    summary: t.Optional(
      t.Object(
        {
          message_count: t.Integer({ description: 'Of messages that it stands for, this one among them.' }),
          created_at: moment('When it was made, or made anew.'),
        },
        {
          description:
            'Stands for this message and all before it where the model has no more room for them. Its text is at /api/v1/conversations/{id}/summaries.',
        },
      ),
    ),
    created_at: moment('When it was asked, or its answer begun.'),
  },
  { title: 'Message', description: 'A question or an answer.' },
)

export type MessageView = typeof messageView.static

export const messagesView = t.Object(
  {
    items: t.Array(messageView, { description: 'Of one branch, oldest first.' }),
    next_cursor: t.Nullable(
      t.String({ description: 'Send it as `cursor` for the page before; null: this is the first.' }),
    ),
  },
  { title: 'MessagePage' },
)
