import { integer } from '../kinds.ts'
import { setting } from '../setting.ts'

export const turns = {
  MAX_TURNS_PER_USER: setting({
    kind: integer(0, 1000),
    default: '3',
    meaning: 'Answers that one person may have in the making at once; 0: any number.',
  }),
  MAX_READERS_PER_TURN: setting({
    kind: integer(0, 100_000),
    default: '100',
    meaning: 'Connections that follow one answer at once on one instance; 0: any number.',
  }),
  MAX_TOKENS_PER_TURN: setting({
    kind: integer(0, 1_000_000),
    default: '32768',
    meaning: 'Length at which an answer is cut; 0: only by the model itself.',
  }),
  MAX_MINUTES_PER_TURN: setting({
    kind: integer(0, 1440),
    default: '30',
    meaning: 'How long an answer may take; 0: for ever.',
  }),
  MAX_MESSAGE_BYTES: setting({
    kind: integer(0, 4_194_304),
    default: '65536',
    meaning: 'Size of one message; 0: what a request may hold at all, 4 MiB.',
  }),
  SUMMARY_TIMEOUT_SECONDS: setting({
    kind: integer(0, 60),
    default: '5',
    meaning:
      'How long an answer waits for a summary of what the model has no more room for; then it is made without. 0: nothing is summarised.',
  }),
  MAX_GATEWAY_BODY_BYTES: setting({
    kind: integer(1024, 268_435_456),
    default: '20971520',
    meaning: 'Size of one question to /v1, with the pictures in it.',
  }),
  MAX_SOCKETS_PER_USER: setting({
    kind: integer(0, 10_000),
    default: '5',
    meaning: 'WebSockets that one person may have open at once; 0: any number.',
  }),
}
