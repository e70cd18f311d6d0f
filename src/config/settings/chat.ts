import { cookieName, integer, onOff, path, text } from '../kinds.ts'
import { setting } from '../setting.ts'

export const chat = {
  SYSTEM_PROMPT: setting({
    kind: text({ max: 8000, lines: true }),
    fromFile: true,
    shownDefault: 'a helpful assistant',
    default: 'You are a helpful assistant. Answer in the language in which the user writes.',
    meaning: 'What the model is told before every conversation.',
  }),
  MAX_HISTORY: setting({
    kind: integer(1, 20),
    default: '6',
    meaning: 'Rounds (a question and its answer) that the model remembers for a visitor.',
  }),
  MAX_IMPORT_BYTES: setting({
    kind: integer(1_048_576, 4_294_967_295),
    default: '220200960',
    meaning: 'Size of a file of conversations that is imported.',
  }),
  ANONYMOUS_CHAT: setting({
    kind: onOff,
    default: '1',
    meaning: 'Visitors may chat without an account.',
  }),
  APP_SESSION_COOKIE_NAME: setting({
    kind: cookieName,
    default: 'cc_app',
    meaning: "Cookie of a visitor's conversation.",
  }),
  SESSION_EXPIRE: setting({
    kind: integer(60, 2_592_000),
    default: '3600',
    meaning: "Seconds for which a visitor's conversation is kept after his last request.",
  }),
  GUIDE_FILE: setting({
    kind: path,
    shownDefault: 'none: the question alone is sent',
    meaning:
      'JSON file for guide mode: knowledge about the site and instructions for preset questions, in Chinese and English.',
  }),
}
