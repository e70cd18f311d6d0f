import { AppError } from '../errors.ts'
import { createId } from '../lib/ids.ts'
import { streamDemo } from './demo.ts'
import { BeginFailure } from './fault.ts'
import type { LlmEvent, TokenUsage } from './llm.ts'
import type { BegunRelay, Relay } from './relay.ts'

/** The demo model's answer in OpenAI's words. It knows chat completions alone. */
export const relayDemo: Relay = async (question, model, signal) => {
  if (question.path !== '/chat/completions') throw cannot()
  const { isStream, ...prompt } = question.prompt()
  const events = streamDemo(prompt, signal)
  const head = { id: `chatcmpl-${createId()}`, created: Math.floor(Date.now() / 1000), model }
  return isStream
    ? answerOf('text/event-stream; charset=utf-8', piecesOf(events, head), question.mayAskForUsage)
    : answerOf('application/json', wholeOf(events, head), false)
}

interface Head {
  id: string
  created: number
  model: string
}

const utf8 = new TextEncoder()

function answerOf(contentType: string, pieces: AsyncGenerator<string>, hasAddedUsage: boolean): BegunRelay {
  return {
    contentType,
    hasAddedUsage,
    waitedMs: 0,
    async next() {
      const { value, done } = await pieces.next()
      return done ? null : utf8.encode(value)
    },
    close: () => void pieces.return(undefined),
    failed: (cause) => new AppError('internal', 'Something went wrong', { cause }),
  }
}

async function* piecesOf(batches: AsyncGenerator<LlmEvent[]>, head: Head): AsyncGenerator<string> {
  const chunk = (more: object) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more })}\n\n`
  const choice = (delta: object, finishReason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] })
  yield choice({ role: 'assistant', content: '' })
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'delta') yield choice({ content: event.text })
      if (event.type === 'finish') yield choice({}, event.reason)
      if (event.type === 'usage')
        yield `${chunk({ choices: [], usage: viewOf(event.usage) })}data: [DONE]\n\n`
    }
  }
}

async function* wholeOf(batches: AsyncGenerator<LlmEvent[]>, head: Head): AsyncGenerator<string> {
  let content = ''
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'delta') content += event.text
      if (event.type !== 'usage') continue
      const message = { role: 'assistant', content, refusal: null }
      const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
      yield JSON.stringify({ ...head, object: 'chat.completion', choices, usage: viewOf(event.usage) })
    }
  }
}

function viewOf({ promptTokens, completionTokens, totalTokens }: TokenUsage) {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: totalTokens }
}

function cannot(): BeginFailure {
  const told = new AppError('invalid_request', 'The demo model knows chat completions alone')
  return new BeginFailure(told, { code: 'provider_rejected', status: 400, reason: 'the demo', excerpt: '' })
}
