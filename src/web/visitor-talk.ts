import * as api from './api.ts'
import { changeMessage, isEmpty, type Message, messages, showNothing, type Talk, writing } from './talk.ts'
import type { TextKey } from './texts.ts'

/** The one conversation of a visitor without an account, as his session remembers it. */
export const visitorTalk: Talk = { open, leave, send, stop, mend, showEarlier: async () => undefined }

let running: AbortController | null = null
let count = 0

/** Brings back what the server remembers of this visitor. */
function open(): void {
  if (!isEmpty.value) return
  api.fetchHistory().then(
    (history) => {
      if (isEmpty.value) messages.value = history.messages.map(toMessage)
    },
    () => undefined, // An empty chat is a good place to begin; sending will tell what is wrong.
  )
}

function leave(): void {
  const abandoned = running
  running = null
  abandoned?.abort()
  showNothing()
}

async function send(content: string): Promise<void> {
  const abort = new AbortController()
  running = abort
  const answer = toMessage({ role: 'assistant', content: '' })
  messages.value = [...messages.value, toMessage({ role: 'user', content }), answer]
  writing.value = answer.key
  const append = (text: string) =>
    changeMessage(answer.key, (message) => ({ ...message, content: message.content + text }))
  try {
    await api.chat(content, append, abort.signal)
  } catch (error) {
    changeMessage(answer.key, (message) => ({
      ...message,
      fault: faultOf(error, message, abort),
      remedy: 'ask_again',
    }))
  } finally {
    if (running === abort) {
      running = null
      writing.value = null
    }
  }
}

async function stop(): Promise<void> {
  running?.abort()
}

/** Takes the failed question back and asks it again. */
async function mend(): Promise<void> {
  const question = messages.value.at(-2)
  if (!question || running) return
  messages.value = messages.value.slice(0, -2)
  await send(question.content)
}

export async function forget(): Promise<void> {
  leave()
  await api.forgetHistory().catch(() => undefined)
}

function toMessage({ role, content }: api.HistoryMessage): Message {
  return { key: `visitor-${++count}`, role, content }
}

function faultOf(error: unknown, answer: Message, abort: AbortController): TextKey {
  if (abort.signal.aborted) return 'stopped'
  if (error instanceof api.Refusal) return error.text
  return answer.content === '' ? 'modelUnavailable' : 'cutOff'
}
