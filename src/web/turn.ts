import type { TurnEvent } from '../modules/chat/events.ts'
import { announceEnd } from './announce.ts'
import { faultOfEnd, withFault } from './answer-fault.ts'
import { Refusal } from './api.ts'
import { browser } from './browser.ts'
import * as api from './chat-api.ts'
import { confirmQuestion } from './draft.ts'
import { followTurn, type TurnEnd, type TurnSource } from './follow-turn.ts'
import { gatherEvents } from './gather-events.ts'
import { changeMessage, isCutOff, type Message, notice, title, writing } from './talk.ts'
import { untilAnswered } from './until-answered.ts'
import { newTurn, type Turn, type Visit } from './visit.ts'

export function beginTurn(here: Visit, keys: Pick<Turn, 'id' | 'questionKey' | 'answerKey'>): Turn {
  const turn = newTurn(keys)
  here.turn = turn
  here.lastTurnId = turn.id ?? here.lastTurnId
  // A reading that is on its way knows nothing of it.
  here.readings++
  writing.value = turn.answerKey
  notice.value = null
  return turn
}

export function endTurn(here: Visit): void {
  here.turn = null
  writing.value = null
  isCutOff.value = false
  if (here.isStale) void here.read(here)
}

/** Follows it to its end, unless it was never begun: that is left to the caller. */
export async function follow(here: Visit, turn: Turn, source: TurnSource): Promise<TurnEnd> {
  const { signal } = turn.leaving
  const gathered = gatherEvents((events) => hear(here, turn, events))
  const end = await followTurn(source, { onEvents: gathered.add, onConnection, signal }, browser)
  gathered.flush()
  if (here.turn !== turn || turn.id === null) return end
  changeMessage(turn.answerKey, (answer) => withFault(answer, faultOfEnd(end)))
  // It is gone, or the session is: reading will tell.
  here.isStale ||= end.type === 'refused'
  if (!here.isStale) void learnEnd(here)
  endTurn(here)
  if (end.type !== 'refused') announceEnd()
  return end
}

function hear(here: Visit, turn: Turn, events: TurnEvent[]): void {
  for (const { type, data } of events) {
    if (type === 'start') {
      confirmQuestion()
      nameTurn(here, turn, data)
    } else if (type === 'title') title.value = data.title
  }
  changeMessage(turn.answerKey, (answer) => events.reduce(said, answer))
}

function said(answer: Message, { type, data }: TurnEvent): Message {
  if (type === 'start') return { ...answer, content: '', reasoning: undefined }
  if (type === 'snapshot') return { ...answer, content: data.text, reasoning: data.reasoning || undefined }
  if (type === 'delta') return { ...answer, content: answer.content + data.text }
  if (type === 'reasoning') return { ...answer, reasoning: (answer.reasoning ?? '') + data.text }
  return answer
}

/** What the server alone knows of a question and its answer: which others there are, what it took. */
async function learnEnd({ conversationId, leaving }: Visit): Promise<void> {
  if (conversationId === null) return
  try {
    const { items } = await api.fetchMessages(conversationId, null, 2)
    if (leaving.signal.aborted) return
    for (const stored of items) changeMessage(stored.id, (message) => ({ ...message, stored }))
  } catch {
    // It is shown when the conversation is read next.
  }
}

function nameTurn(here: Visit, turn: Turn, start: api.TurnStart): void {
  turn.id = start.turn_id
  here.lastTurnId = start.turn_id
  const rename = (from: string | null, key: string) => {
    if (from !== null) changeMessage(from, (message): Message => ({ ...message, key }))
  }
  rename(turn.questionKey, start.user_message_id)
  rename(turn.answerKey, start.assistant_message_id)
  turn.questionKey = start.user_message_id
  turn.answerKey = start.assistant_message_id
  writing.value = turn.answerKey
  if (turn.isUnwanted) void stopTurn(turn)
}

/** What was written up to then stays. */
export async function stopTurn(turn: Turn): Promise<void> {
  const { id, leaving } = turn
  if (id === null) {
    // Nobody has heard of it yet.
    if (isCutOff.value) leaving.abort()
    else turn.isUnwanted = true
    return
  }
  try {
    await untilAnswered(() => api.stopTurn(id), { signal: leaving.signal, onConnection }, browser)
  } catch (error) {
    if (error instanceof Refusal) notice.value = error.text
  }
}

export function onConnection(isOpen: boolean): void {
  isCutOff.value = !isOpen
}
