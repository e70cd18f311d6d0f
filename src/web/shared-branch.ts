import { signal } from '@preact/signals'
import { Refusal } from './api.ts'
import { type AnswerOf, ask } from './ask.ts'
import { goToConversation } from './place.ts'
import type { TextKey } from './texts.ts'

export type SharedBranch = AnswerOf<'GET', 'shared/:token'>

/** What the link in the address shows; null: not read yet, or not to be had. */
export const branch = signal<SharedBranch | null>(null)

/** Why it is not to be had. */
export const branchFault = signal<TextKey | null>(null)

/** Why there is no copy of it. */
export const copyFault = signal<TextKey | null>(null)

export async function readBranch(token: string): Promise<void> {
  branch.value = null
  branchFault.value = null
  try {
    branch.value = await ask('GET', 'shared/:token', { params: { token } })
  } catch (error) {
    branchFault.value = faultOf(error)
  }
}

/** Goes on in a conversation of one's own. */
export async function copyBranch(token: string): Promise<void> {
  copyFault.value = null
  try {
    const { id } = await ask('POST', 'shared/:token/copy', { params: { token } })
    goToConversation(id)
  } catch (error) {
    copyFault.value = faultOf(error)
  }
}

function faultOf(error: unknown): TextKey {
  if (!(error instanceof Refusal)) return 'failed'
  return error.status === 404 ? 'shareGone' : error.text
}
