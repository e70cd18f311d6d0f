import { t } from 'elysia'
import { messageView, parameterTexts, usageView } from '../conversations/schema.ts'

/** Far beyond any model's; what a model takes is checked against the model. */
const content = t.String({
  minLength: 1,
  description: 'The question: something more than spaces, at most MAX_MESSAGE_BYTES in UTF-8.',
})

/** The framework's own also takes a text for a number. */
const wholeNumber = (bounds: { minimum: number; maximum: number; description: string }) =>
  t.Number({ ...bounds, multipleOf: 1 })

const options = {
  model: t.Optional(
    t.String({ maxLength: 200, description: '`provider/model`, of those at /api/v1/models.' }),
  ),
  system_prompt: t.Optional(
    t.String({ maxLength: 32_768, description: 'At most 32 KiB. For this answer; empty: none.' }),
  ),
  temperature: t.Optional(t.Number({ minimum: 0, maximum: 2, description: parameterTexts.temperature })),
  top_p: t.Optional(t.Number({ minimum: 0, maximum: 1, description: parameterTexts.topP })),
  max_tokens: t.Optional(
    wholeNumber({ minimum: 1, maximum: 10_000_000, description: parameterTexts.maxTokens }),
  ),
}

const parentId = t.Optional(
  t.Nullable(
    t.String({
      format: 'uuid',
      description: 'The message that it follows: without it the one shown last, null for a new beginning.',
    }),
  ),
)

export const sendBody = t.Object({ content, parent_id: parentId, ...options })

export const editBody = t.Object({
  content,
  answer: t.Optional(
    t.Boolean({ description: 'false: the question is kept and nobody asked. Default true.' }),
  ),
  ...options,
})

/** For `regenerate` and `continue`, where no body at all will do. */
export const againBody = t.Optional(t.Object(options))

const idempotencyKey = t.String({
  pattern: '^[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?$',
  description: 'Your own name for the question: a repeat within a day answers with the same turn.',
})

export const sendHeaders = t.Object({ 'idempotency-key': t.Optional(idempotencyKey) })

export type SendBody = typeof sendBody.static
export type SendHeaders = typeof sendHeaders.static

export const turnView = t.Object(
  {
    user_message: messageView,
    assistant_message: messageView,
    usage: t.Nullable(usageView, { description: 'That of the answer.' }),
  },
  { title: 'Turn', description: 'A question and its answer.' },
)

export type TurnView = typeof turnView.static

export const editView = t.Union([
  turnView,
  t.Object(
    {
      user_message: messageView,
      assistant_message: t.Null({ description: 'Nobody was asked.' }),
      usage: t.Null({ description: 'Nothing was taken.' }),
    },
    { description: 'With `answer: false`.' },
  ),
])

const place = t.Optional(t.String({ description: 'Number of the last event that you have.' }))

export const resumeHeaders = t.Object({ 'last-event-id': place })
export const resumeQuery = t.Object({ after: place })

/** On a WebSocket. `id` is the client's own name for the frame; it comes back as `request` in what answers it. */
const frameId = t.Optional(
  t.String({
    minLength: 1,
    maxLength: 64,
    description: 'Your own name for the frame; what answers it has it as `request`.',
  }),
)
const turnId = t.String({ format: 'uuid', description: 'Which turn.' })
const type = <Name extends string>(name: Name) => t.Literal(name, { description: 'What this frame is.' })

export const clientFrames = {
  auth: t.Object(
    {
      type: type('auth'),
      id: frameId,
      token: t.String({ maxLength: 4096, description: 'An access token.' }),
    },
    { description: 'Who you are; the first frame, where nothing else has said it.' },
  ),
  send: t.Object({
    type: type('send'),
    id: frameId,
    conversation_id: t.String({ format: 'uuid', description: 'Where to ask.' }),
    content,
    parent_id: parentId,
    idempotency_key: t.Optional(idempotencyKey),
    ...options,
  }),
  stop: t.Object({ type: type('stop'), id: frameId, turn_id: turnId }),
  follow: t.Object({
    type: type('follow'),
    id: frameId,
    turn_id: turnId,
    after: t.Optional(
      wholeNumber({
        minimum: 0,
        maximum: 2_147_483_647,
        description: 'Number of the last event that you have.',
      }),
    ),
  }),
  unfollow: t.Object({ type: type('unfollow'), id: frameId, turn_id: turnId }),
  ping: t.Object({ type: type('ping'), id: frameId }),
}

export type ClientFrame = (typeof clientFrames)[keyof typeof clientFrames]['static']

export const socketQuery = t.Object({
  ticket: t.Optional(t.String({ maxLength: 256, description: 'Of `createSocketTicket`, good once.' })),
})

export const ticketView = t.Object({
  ticket: t.String({ description: 'Opens one WebSocket: `/api/v1/ws/chat?ticket=…`.' }),
  expires_in: t.Integer({ description: 'Seconds for which it is good.' }),
})
