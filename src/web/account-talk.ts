import type { UserEvent } from '../modules/chat/events.ts'
import { toMessage } from './answer-fault.ts'
import { refusalOf } from './api.ts'
import { browser } from './browser.ts'
import * as api from './chat-api.ts'
import { confirmQuestion, moveDraft, nameQuestion, settleQuestion, takeBack } from './draft.ts'
import type { TurnEnd } from './follow-turn.ts'
import { put } from './library.ts'
import { forgetNewChatWish, newChatBody } from './new-chat.ts'
import { goToConversation } from './place.ts'
import { beGone, readConversation, refuse } from './read-conversation.ts'
import {
  changeMessage,
  hasEarlier,
  isLoading,
  messages,
  opened,
  showNothing,
  type Talk,
  title,
} from './talk.ts'
import { beginTurn, endTurn, follow, onConnection, stopTurn } from './turn.ts'
import { untilAnswered } from './until-answered.ts'
import { newVisit, type Turn, type Visit } from './visit.ts'

/** Conversations of somebody with an account: the server keeps them, and makes the answers whether he looks on or not. */
export const accountTalk: Talk = { open, leave, send, stop, mend, showEarlier }

let visit = newVisit(null, readConversation)
let count = 0

/** The conversation that is shown. */
export function currentVisit(): Visit {
  return visit
}

function open(id: string | null): void {
  // Its conversation has just been made here.
  if (id !== null && id === visit.conversationId) return
  leave()
  visit = newVisit(id, readConversation)
  if (id === null) settleQuestion(null, null)
  else {
    isLoading.value = true
    void readConversation(visit)
  }
}

function leave(): void {
  visit.leaving.abort()
  visit.turn?.leaving.abort()
  visit = newVisit(null, readConversation)
  showNothing()
}

/** For what was missed while nobody listened. */
export function readAgain(): void {
  void readConversation(visit)
}

export type ConversationEvent = Extract<UserEvent, { data: { conversation_id: string } }>

/** What another window or device has done, or this one: then it is no news. */
export function hearOfConversation(event: ConversationEvent): void {
  const { turn, lastTurnId, conversationId } = visit
  if (event.data.conversation_id !== conversationId) return
  if (event.type === 'title') title.value = event.data.title
  else if (event.type === 'conversation_changed' && event.data.deleted) leaveSoon(visit)
  else if (event.type === 'conversation_changed') void readConversation(visit)
  else if (turn?.id !== null && event.data.turn_id !== lastTurnId) void readConversation(visit)
}

/** The window that has deleted it leaves it by itself, and need not be told that it is gone. */
function leaveSoon(here: Visit): void {
  setTimeout(() => {
    if (here === visit) beGone(here)
  }, 500)
}

async function showEarlier(limit?: number): Promise<void> {
  const here = visit
  const { conversationId: id, cursor } = here
  if (id === null || cursor === null) return
  try {
    const { items, next_cursor } = await api.fetchMessages(id, cursor, limit)
    if (here !== visit || cursor !== here.cursor) return
    messages.value = [...items.map(toMessage), ...messages.value]
    here.cursor = next_cursor
    hasEarlier.value = next_cursor !== null
  } catch (error) {
    if (here === visit) refuse(here, error)
  }
}

// Asking

async function send(content: string): Promise<void> {
  const here = visit
  if (here.turn !== null) {
    takeBack(content)
    return
  }
  const questionKey = newKey()
  const answerKey = newKey()
  messages.value = [
    ...messages.value,
    { key: questionKey, role: 'user', content },
    { key: answerKey, role: 'assistant', content: '' },
  ]
  const turn = beginTurn(here, { id: null, questionKey, answerKey })
  try {
    // Written down before anything is sent.
    nameQuestion(here.conversationId, content)
    const id = here.conversationId ?? (await makeConversation(here, turn))
    const end = await follow(here, turn, api.question(id, content, nameQuestion(id, content)))
    if (turn.id === null) notAsked(here, turn, end, () => takeQuestionBack(turn, content))
  } catch (error) {
    if (here !== visit) return
    takeQuestionBack(turn, content)
    endTurn(here)
    if (!turn.leaving.signal.aborted) refuse(here, error)
  }
}

async function makeConversation(here: Visit, turn: Turn): Promise<string> {
  const { signal } = turn.leaving
  const wish = newChatBody()
  const conversation = await untilAnswered(
    () => api.createConversation(wish),
    { signal, onConnection },
    browser,
  )
  const { id } = conversation
  here.conversationId = id
  opened.value = conversation
  forgetNewChatWish()
  put(conversation)
  moveDraft(id)
  goToConversation(id)
  return id
}

async function mend(): Promise<void> {
  const here = visit
  const answer = messages.value.at(-1)
  if (here.turn !== null || answer?.remedy === undefined) return
  const { key, fault, remedy, ...rest } = answer
  changeMessage(key, () => ({ key, ...rest }))
  const turn = beginTurn(here, { id: null, questionKey: null, answerKey: key })
  const end = await follow(here, turn, api.continuation(key))
  if (turn.id === null) notAsked(here, turn, end, () => changeMessage(key, () => answer))
}

/** What was to be asked has not begun. */
export function notAsked(here: Visit, turn: Turn, end: TurnEnd, undo: () => void): void {
  if (here.turn !== turn) return
  undo()
  // For what it is, and so by each try: it is in the field now, and is not put there again later.
  if (end.type === 'refused' && (end.status === 400 || end.status === 413)) confirmQuestion()
  // It may have arrived after all, another window was faster, or it is gone: reading will tell.
  here.isStale = true
  endTurn(here)
  if (end.type === 'refused' && end.status !== 404) refuse(here, refusalOf(end.status, end.body))
}

function takeQuestionBack({ questionKey, answerKey }: Turn, content: string): void {
  messages.value = messages.value.filter(({ key }) => key !== questionKey && key !== answerKey)
  takeBack(content)
}

/** Of a message that the server has given none yet. */
export function newKey(): string {
  return `new-${++count}`
}

async function stop(): Promise<void> {
  if (visit.turn !== null) await stopTurn(visit.turn)
}
