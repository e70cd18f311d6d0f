import { currentVisit, newKey, notAsked } from './account-talk.ts'
import * as api from './chat-api.ts'
import type { TurnSource } from './follow-turn.ts'
import { tried } from './library-acts.ts'
import { updateConversation } from './library-api.ts'
import { readConversation } from './read-conversation.ts'
import { changeMessage, type Message, messages } from './talk.ts'
import { chatTexts } from './texts/chat.ts'
import { words } from './texts/words.ts'
import { beginTurn, follow } from './turn.ts'
import { askFirst } from './ui/confirm.tsx'

/** Asks in other words what was asked before: both stay, each with what followed it. */
export async function edit({ key }: Message, content: string): Promise<void> {
  await branchOff(key, { role: 'user', content }, api.edition(key, content))
}

/** Has a question answered once more. null: by the model that answers here. */
export async function regenerate({ key }: Message, model: string | null): Promise<void> {
  await branchOff(key, null, api.regeneration(key, model))
}

/** What is made anew stands where the message stood, and nothing after it. */
async function branchOff(
  key: string,
  question: Pick<Message, 'role' | 'content'> | null,
  source: TurnSource,
): Promise<void> {
  const here = currentVisit()
  const before = messages.value
  const at = before.findIndex((message) => message.key === key)
  if (here.turn !== null || at === -1) return
  const questionKey = question === null ? null : newKey()
  const answerKey = newKey()
  messages.value = [
    ...before.slice(0, at),
    ...(question !== null && questionKey !== null ? [{ key: questionKey, ...question }] : []),
    { key: answerKey, role: 'assistant', content: '' },
  ]
  const turn = beginTurn(here, { id: null, questionKey, answerKey })
  const end = await follow(here, turn, source)
  if (turn.id !== null) return
  notAsked(here, turn, end, () => {
    messages.value = before
  })
}

/** Shows the branch that a message stands in, to its newest end. */
export async function showBranch(messageId: string): Promise<void> {
  const here = currentVisit()
  const { conversationId: id } = here
  if (id === null || here.turn !== null) return
  await tried(async () => {
    await updateConversation(id, { current_message_id: messageId })
    await readConversation(here)
  })
}

export async function deleteMessage({ key }: Message): Promise<void> {
  const here = currentVisit()
  const t = chatTexts.value
  const question = { title: t.deleteTitle, text: t.deleteText, action: words.value.delete }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await api.deleteMessage(key)
    await readConversation(here)
  })
}

/** The same once more takes it back. */
export async function rate(message: Message, rating: 'up' | 'down', note: string | null): Promise<boolean> {
  const { key, stored } = message
  const isTakenBack = stored?.rating === rating && note === null
  const isDone = await tried(() =>
    isTakenBack
      ? api.unrateMessage(key).then(() => undefined)
      : api.rateMessage(key, rating, note).then(() => undefined),
  )
  if (!isDone) return false
  changeMessage(key, (known) =>
    known.stored
      ? {
          ...known,
          stored: {
            ...known.stored,
            rating: isTakenBack ? null : rating,
            rating_note: isTakenBack ? null : note,
          },
        }
      : known,
  )
  return true
}
