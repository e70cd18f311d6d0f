import { signal } from '@preact/signals'
import * as api from './api.ts'
import type { TextKey } from './texts.ts'

export interface Message {
  role: 'user' | 'assistant'
  content: string
  /** Why an answer is shorter than it should be, or missing. */
  fault?: TextKey
}

export const messages = signal<Message[]>([])

/** The answer being written, or null when none is. */
export const running = signal<AbortController | null>(null)

/** Brings back what the server remembers of this visitor. */
export async function loadHistory(): Promise<void> {
  try {
    const history = await api.fetchHistory()
    if (messages.value.length === 0) messages.value = history.messages
  } catch {
    // An empty chat is a good place to begin; sending will tell what is wrong.
  }
}

export async function send(content: string): Promise<void> {
  const abort = new AbortController()
  running.value = abort
  messages.value = [...messages.value, { role: 'user', content }, { role: 'assistant', content: '' }]
  try {
    await api.chat(content, appendToAnswer, abort.signal)
  } catch (error) {
    if (running.value === abort)
      changeAnswer((answer) => ({ ...answer, fault: faultOf(error, answer, abort) }))
  } finally {
    if (running.value === abort) running.value = null
  }
}

export function stop(): void {
  running.value?.abort()
}

/** Takes the failed question back and asks it again. */
export function sendAgain(): void {
  const question = messages.value.at(-2)
  if (!question || running.value) return
  messages.value = messages.value.slice(0, -2)
  void send(question.content)
}

export async function startAnew(): Promise<void> {
  const abandoned = running.value
  running.value = null
  abandoned?.abort()
  messages.value = []
  await api.forgetHistory().catch(() => undefined)
}

function appendToAnswer(text: string): void {
  changeAnswer((answer) => ({ ...answer, content: answer.content + text }))
}

function changeAnswer(change: (answer: Message) => Message): void {
  const answer = messages.value.at(-1)
  if (answer?.role === 'assistant') messages.value = [...messages.value.slice(0, -1), change(answer)]
}

function faultOf(error: unknown, answer: Message, abort: AbortController): TextKey {
  if (abort.signal.aborted) return 'stopped'
  if (error instanceof api.Refusal) return error.text
  return answer.content === '' ? 'modelUnavailable' : 'cutOff'
}
