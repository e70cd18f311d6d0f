/**
 * What a model was asked for: `chat` is a question to the CloudChat face, `call` one through `/v1`. Titles and
 * summaries are nobody's questions: they count as tokens, not as requests.
 */
export const usageKinds = [
  'turn',
  'title',
  'summary',
  'chat',
  'call',
  'response',
  'embedding',
  'image',
] as const
export type UsageKind = (typeof usageKinds)[number]
