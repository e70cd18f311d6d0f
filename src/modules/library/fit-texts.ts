import type { Config } from '../../config.ts'
import type { DraftConversation } from './draft.ts'
import { meet, type Problems } from './import-report.ts'
import { cleanText } from './values.ts'

/** Answers are as long as a model makes them; more than this was made by nobody. */
const leastBytes = 1024 * 1024
const maxTextChars = 16 * 1024 * 1024

/** Makes all messages such as may be stored. False: together they are too long. */
export function fitTexts(
  draft: DraftConversation,
  { turns }: Pick<Config, 'turns'>,
  problems: Problems,
): boolean {
  const maxBytes = Math.max(turns.maxMessageBytes, leastBytes)
  // Several may have their beginning in common: before each is written out for itself.
  const chars = draft.messages.reduce(
    (sum, { content, reasoning }) => sum + content.length + (reasoning?.length ?? 0),
    0,
  )
  if (chars > maxTextChars) return false
  for (const message of draft.messages) {
    message.content = fit(message.content, maxBytes, problems)
    if (message.reasoning !== null) message.reasoning = fit(message.reasoning, maxBytes, problems)
  }
  return true
}

function fit(text: string, maxBytes: number, problems: Problems): string {
  const clean = cleanText(text)
  // Most are short: at most three bytes for each unit.
  if (clean.length * 3 <= maxBytes || Buffer.byteLength(clean) <= maxBytes) return clean
  meet(problems, 'cut_messages')
  return Buffer.from(clean)
    .subarray(0, maxBytes)
    .toString()
    .replace(/\ufffd$/, '')
}
