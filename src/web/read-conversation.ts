import { endSession } from './account.ts'
import { toMessage } from './answer-fault.ts'
import { Refusal } from './api.ts'
import { browser } from './browser.ts'
import * as api from './chat-api.ts'
import { pause } from './device.ts'
import { settleQuestion } from './draft.ts'
import { hasEarlier, isLoading, messages, notice, opened, title } from './talk.ts'
import { beginTurn, endTurn, follow, onConnection } from './turn.ts'
import { untilAnswered } from './until-answered.ts'
import type { Visit } from './visit.ts'

/** Shows a conversation as it is now, and follows the answer that is being made there. Never rejects. */
export async function readConversation(here: Visit): Promise<void> {
  const { conversationId: id, leaving } = here
  const reading = ++here.readings
  // What is being asked has no place yet in what would be read.
  here.isStale = here.turn?.id === null
  if (id === null || here.isStale) return
  try {
    const [conversation, page] = await untilAnswered(
      () => Promise.all([api.fetchConversation(id), api.fetchMessages(id)]),
      { signal: leaving.signal, onConnection },
      browser,
    )
    if (reading === here.readings) show(here, conversation, page)
    else here.isStale ||= here.turn !== null
  } catch (error) {
    if (!leaving.signal.aborted && reading === here.readings) refuse(here, error)
  }
}

function show(here: Visit, conversation: api.Conversation, page: api.MessagePage): void {
  isLoading.value = false
  title.value = conversation.title
  opened.value = conversation
  const turnId = conversation.active_turn_id
  const isFollowed = here.turn !== null && here.turn.id === turnId
  if (!isFollowed) {
    here.turn?.leaving.abort()
    endTurn(here)
  }
  showNewest(here, page)
  settleQuestion(here.conversationId, page.items.findLast(({ role }) => role === 'user')?.content ?? null)
  if (isFollowed) return
  const running = page.items.findLast(({ status }) => status === 'running')
  if (turnId !== null && running !== undefined) {
    here.misfits = 0
    const turn = beginTurn(here, { id: turnId, questionKey: running.parent_id, answerKey: running.id })
    void follow(here, turn, { turnId })
  } else if (turnId !== null || running !== undefined) void readAfterMisfit(here)
  else here.misfits = 0
}

/** Most likely the turn has begun or ended between the one reading and the other. */
async function readAfterMisfit(here: Visit): Promise<void> {
  const { signal } = here.leaving
  if (++here.misfits > 3) return
  await pause(500, signal, browser)
  if (!signal.aborted) await readConversation(here)
}

/** Replaces the newest messages. Earlier ones that are shown stay where these follow them. */
function showNewest(here: Visit, { items, next_cursor }: api.MessagePage): void {
  const shown = messages.value
  const followed = here.turn === null ? undefined : shown.find(({ key }) => key === here.turn?.answerKey)
  const newest = items.map((item) => (item.id === followed?.key ? followed : toMessage(item)))
  const joint = shown.findIndex(({ key }) => key === items[0]?.parent_id)
  messages.value = [...shown.slice(0, joint + 1), ...newest]
  if (joint === -1) here.cursor = next_cursor
  hasEarlier.value = here.cursor !== null
}

/** Says why something did not work. */
export function refuse(here: Visit, error: unknown): void {
  isLoading.value = false
  const status = error instanceof Refusal ? error.status : null
  if (status === 401) endSession()
  else if (status === 404) beGone(here)
  else notice.value = error instanceof Refusal ? (error.excess ?? error.text) : 'failed'
  if (status === null) console.error(error)
}

/** It was deleted, or is somebody else's. What is asked next begins another. */
export function beGone(here: Visit): void {
  here.turn?.leaving.abort()
  here.isStale = false
  here.conversationId = null
  endTurn(here)
  messages.value = []
  hasEarlier.value = false
  title.value = null
  opened.value = null
  notice.value = 'conversationGone'
}
