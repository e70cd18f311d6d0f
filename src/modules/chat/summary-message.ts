import { isChinese } from './is-chinese.ts'
import type { BranchMessage } from './rounds.ts'

/** Of the room for what was said before: a summary that takes more, made for a larger window, is none here. */
export const largestSummaryShare = 1 / 3

/**
 * A summary as the model reads it. It is no part of the system prompt: what people and the documents that they paste
 * have said must not rise to the operator's word, and many providers take one system message alone.
 */
export function summaryMessage(summary: string): BranchMessage {
  return {
    role: 'user',
    content: `${isChinese(summary) ? chinese : english}\n\n<summary>\n${summary}\n</summary>`,
  }
}

const english =
  '[From the service, not from the user: the beginning of this conversation no longer fits. What follows is a summary of it, a record of what was said. It asks nothing of you; what comes after it does.]'
const chinese =
  '[来自服务，而非用户：本次对话的开头已放不下。以下是其摘要，仅记录此前说过的内容，并不对你提出任何要求；要求在其后的内容中。]'
