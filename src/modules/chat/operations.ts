import type { ErrorCode } from '../../errors.ts'
import { type Answer, describeOperations } from '../../lib/operation.ts'
import { serverFrame, turnEvent, userEvent } from './event-schema.ts'
import { clientFrames } from './schema.ts'

/** Whatever begins an answer. */
const askCodes: ErrorCode[] = [
  'not_found',
  'conflict',
  'turn_running',
  'too_many_turns',
  'too_many_readers',
  'shutting_down',
]

/** And waits for its end. */
const waitCodes: ErrorCode[] = [
  'provider_unavailable',
  'provider_rejected',
  'provider_timeout',
  'turn_too_long',
  'interrupted',
]

const stream: Answer = {
  description:
    'Server-sent events, or JSON lines with `Accept: application/x-ndjson`, until `done` or `error`. A stream that ends without either was cut off: go on with `followTurn`.',
  content: {
    'text/event-stream': {
      schema: { type: 'string' },
      events: turnEvent,
      example: 'id: 2\nevent: delta\ndata: {"text":"Hello"}\n\n',
    },
    'application/x-ndjson': {
      schema: { type: 'string' },
      events: turnEvent,
      example: '{"id":2,"event":"delta","data":{"text":"Hello"}}\n',
    },
  },
}

/** By what `Accept` says. */
const answerOrStream: Answer = {
  ...stream,
  description:
    'The whole answer when it is complete; with `Accept: text/event-stream` or `application/x-ndjson` its events as they come.',
}

const tag = {
  name: 'Questions',
  description:
    'An answer is made whether somebody reads it or not. Its events are numbered: whoever was cut off goes on from the last one he has, on any instance.',
}

export const operations = describeOperations(tag, {
  ask: {
    summary: 'Ask, and wait for the answer',
    description:
      'The answer comes when it is complete. With an `Idempotency-Key` the question may be sent again: within a day it is the same turn, asked once. A turn that has failed is told as its error, with the `turn_id`; the question stays.',
    codes: [...askCodes, ...waitCodes, 'idempotency_key_reused'],
  },
  askAsStream: {
    summary: 'Ask, and read along',
    description: 'The same word by word.',
    codes: [...askCodes, 'idempotency_key_reused'],
    answers: { 200: stream },
  },
  editMessage: {
    summary: 'Ask an earlier question in other words',
    description:
      'As a branch of its own beside it; with `answer: false` nobody is asked. Only questions can be edited.',
    codes: [...askCodes, ...waitCodes],
    answers: { 200: answerOrStream },
  },
  regenerate: {
    summary: 'Have an answer made again',
    description: 'As a branch of its own beside it. The message is the answer, or its question.',
    codes: [...askCodes, ...waitCodes],
    answers: { 200: answerOrStream },
  },
  continueAnswer: {
    summary: 'Have an answer continued',
    description:
      'One that was stopped, cut off or has reached its greatest length; what there is of it stays.',
    codes: [...askCodes, ...waitCodes],
    answers: { 200: answerOrStream },
  },
  followTurn: {
    summary: 'Follow an answer',
    description:
      'From any event on, whether it is still being made or not. `Last-Event-ID` or `after` says how far one got; where those events are no longer kept, a `snapshot` comes instead.',
    codes: ['not_found', 'too_many_readers'],
    answers: { 200: stream },
  },
  stopTurn: {
    summary: 'Stop an answer',
    description: 'From any device. What there is of it stays; doing it twice is harmless.',
    codes: ['not_found'],
  },
  followUser: {
    summary: 'Hear of what happens elsewhere',
    description:
      'One stream for each window of a person: which answers begin and end, what was renamed or changed. Not numbered: after an interruption lists are to be read anew.',
    codes: ['too_many_readers'],
    answers: {
      200: {
        description: 'Server-sent events, for as long as the session lasts.',
        content: {
          'text/event-stream': {
            schema: { type: 'string' },
            events: userEvent,
            example: 'event: title\ndata: {"conversation_id":"019…","title":"A walk"}\n\n',
          },
        },
      },
    },
  },
  createSocketTicket: {
    summary: 'Get a ticket for a WebSocket',
    description: 'Good once and for 30 seconds: for clients that can send no header with a handshake.',
  },
  openSocket: {
    summary: 'Open a WebSocket',
    description: `Questions, stops and followed turns over one connection; frames are JSON texts.

Whose it is: the cookie, \`Authorization\`, \`?ticket=\`, or the first frame \`{"type":"auth","token":…}\` within 10 seconds. Then comes \`ready\`.

**Frames to it** (\`ClientFrame\`): \`send\` (as the body of a question, with \`conversation_id\` and \`idempotency_key\`), \`follow\`, \`unfollow\`, \`stop\`, \`ping\`. With an \`id\` of your own, what answers the frame has it as \`request\`.

**Frames from it** (\`ServerFrame\`): \`ok\`, \`pong\`, the events of turns with their fields beside \`turn\` and \`id\`, and \`error\`, with a problem as its \`data\`, which costs the socket nothing. \`ok\` to a \`send\` or \`follow\` says which \`turn\`, a small number, stands for this \`turn_id\` until its end.

**It closes** with 1001 (the service restarts: come back at once), 1003 (a binary frame), 1009 (a frame too long), 1013 (come back later), 4400 (the first frame was none that is understood), 4401 (not logged in, or not any more), 4429 (too many sockets, or frames). From 4400 on it is of no use to come back in the same way.`,
    codes: ['unauthenticated', 'token_expired', 'forbidden', 'rate_limited', 'dependency_down'],
    mayLogIn: true,
    answers: { 101: { description: 'From here on it is a WebSocket.' } },
    frames: { client: clientFrame(), server: serverFrame },
  },
})

function clientFrame() {
  return {
    title: 'ClientFrame',
    description: 'What may be sent over a WebSocket.',
    anyOf: Object.values(clientFrames),
  }
}
