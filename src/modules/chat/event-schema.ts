import { t } from 'elysia'
import { id } from '../../http/schema-fields.ts'
import { usageView } from '../conversations/schema.ts'
import type { ProblemData } from './events.ts'

/** What happens in a turn, by type: the data of each event, as clients see it. */
export const turnEvents = {
  start: t.Object(
    {
      turn_id: id('The turn: by it the answer can be followed and stopped.'),
      conversation_id: id('Where it is.'),
      user_message_id: id('The question.'),
      assistant_message_id: id('The answer.'),
      model: t.String({ description: 'Who answers, `provider/model`.' }),
    },
    { description: 'Always the first.' },
  ),
  delta: t.Object(
    { text: t.String({ description: 'Only what is new.' }) },
    { description: 'A piece of the answer, to be put behind what there is.' },
  ),
  reasoning: t.Object(
    { text: t.String({ description: 'Only what is new.' }) },
    { description: 'A piece of what the model thinks first, where it tells.' },
  ),
  title: t.Object(
    { title: t.String({ description: 'What it is called from now on.' }) },
    { description: 'The conversation has been named.' },
  ),
  snapshot: t.Object(
    {
      text: t.String({ description: 'All of the answer up to here.' }),
      reasoning: t.String({ description: 'All thoughts up to here.' }),
    },
    { description: 'All that was said up to here: drop what you have and take this.' },
  ),
  usage: usageView,
  done: t.Object(
    { finish_reason: t.String({ description: '`stop`, `length`, `stopped` (by a person) and others.' }) },
    { description: 'The last word of an answer.' },
  ),
  error: t.Unsafe<ProblemData>({ $ref: '#/components/schemas/Problem' }),
}

const conversation = { conversation_id: id('Which.') }

/** What happens to a person's conversations, by type. */
export const userEvents = {
  turn_started: t.Object(
    { turn_id: id('To be followed.'), ...conversation, assistant_message_id: id('The answer.') },
    { description: 'An answer is being made.' },
  ),
  turn_ended: t.Object(
    {
      turn_id: id('Which.'),
      ...conversation,
      state: t.String({ description: 'As `status` of the answer.' }),
    },
    { description: 'An answer has ended.' },
  ),
  title: t.Object(
    { ...conversation, title: t.String({ description: 'What it is called from now on.' }) },
    { description: 'A conversation has been named.' },
  ),
  conversation_changed: t.Object(
    {
      ...conversation,
      deleted: t.Optional(
        t.Literal(true, { description: 'It is in the bin: only the list of what is deleted has it.' }),
      ),
    },
    { description: 'To be read anew, unless it is deleted.' },
  ),
  tags_changed: t.Object(
    {},
    { description: 'Their names, or which there are; conversations that have them are to be read anew too.' },
  ),
  quota_changed: t.Object({}, { description: 'The allowance is to be read anew.' }),
  session_revoked: t.Object(
    { session_id: id('Which.') },
    { description: 'The last word of a session that has ended.' },
  ),
}

/** An event as a line of JSON; server-sent events have the same in their fields. */
export const turnEvent = t.Union(
  Object.entries(turnEvents).map(([type, data]) =>
    t.Object({
      id: t.Integer({ description: 'Events of a turn are numbered from 1 without gaps.' }),
      event: t.Literal(type, { description: 'What it is.' }),
      data,
    }),
  ),
  {
    title: 'TurnEvent',
    description: '`start`, then what is said, then `usage`, and last `done` or `error`.',
  },
)

export const userEvent = t.Union(
  Object.entries(userEvents).map(([type, data]) =>
    t.Object({ event: t.Literal(type, { description: 'What it is.' }), data }),
  ),
  { title: 'UserEvent', description: 'Not numbered: whoever was cut off reads his lists anew.' },
)

/** An event of some kind, for those who know its type. */
export type EventOf<Events extends Record<string, { static: unknown }>> = {
  [Type in keyof Events]: { type: Type; data: Events[Type]['static'] }
}[keyof Events]

const request = t.Optional(t.String({ description: 'The `id` of the frame of yours that this answers.' }))
const turn = t.Integer({
  description: 'Whose event it is: the number that `ok` gave this turn on this socket.',
})
const { error: problem, ...said } = turnEvents

/** What comes over a WebSocket. */
export const serverFrame = t.Union(
  [
    t.Object({
      event: t.Literal('ready', { description: 'It is known whose the socket is.' }),
    }),
    t.Object({
      event: t.Literal('ok', { description: 'It is done, or a turn is followed from here on.' }),
      request,
      turn: t.Optional(t.Integer({ description: 'By this number its events are known until its end.' })),
      turn_id: t.Optional(id('The turn, after `send` and `follow`.')),
    }),
    t.Object({ event: t.Literal('pong', { description: 'The answer to `ping`.' }), request }),
    ...Object.entries(said).map(([type, data]) =>
      t.Object(
        {
          event: t.Literal(type, { description: 'What has happened.' }),
          turn,
          id: t.Integer({ description: 'Number of the event in its turn, from 1.' }),
          ...data.properties,
        },
        { description: data.description },
      ),
    ),
    t.Object({
      event: t.Literal('error', { description: 'A turn has failed, or a frame of yours was refused.' }),
      turn: t.Optional(turn),
      id: t.Optional(t.Integer({ description: 'Of a turn that has ended: number of the event.' })),
      request,
      retry_after: t.Optional(t.Integer({ description: 'After how many seconds it is worth trying again.' })),
      data: problem,
    }),
  ],
  { title: 'ServerFrame', description: 'What comes over a WebSocket.' },
)
