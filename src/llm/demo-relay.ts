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
  const { count } = question
  const events = streamDemo(prompt, signal)
  const head = { id: `chatcmpl-${createId()}`, created: Math.floor(Date.now() / 1000), model }
  return isStream
    ? answerOf('text/event-stream; charset=utf-8', piecesOf(events, head, count), question.mayAskForUsage)
    : answerOf('application/json', wholeOf(events, head, count), false)
}

interface Head {
  id: string
  created: number
  model: string
}

const utf8 = new TextEncoder()

function answerOf(contentType: string, pieces: AsyncGenerator<string>, hasAddedUsage: boolean): BegunRelay {
  const beganAt = performance.now()
  return {
    contentType,
    hasAddedUsage,
    waitedMs: 0,
    beganAt: () => beganAt,
    async next() {
      const { value, done } = await pieces.next()
      return done ? null : utf8.encode(value)
    },
    close: () => void pieces.return(undefined),
    failed: (cause) => new AppError('internal', 'Something went wrong', { cause }),
  }
}

/** It has but one answer to a question: where several are wanted, each is that. */
async function* piecesOf(
  batches: AsyncGenerator<LlmEvent[]>,
  head: Head,
  count: number,
): AsyncGenerator<string> {
  const chunk = (more: object) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more })}\n\n`
  const choices = (delta: object, finishReason: string | null = null) =>
    timesOf(count, (index) =>
      chunk({ choices: [{ index, delta, logprobs: null, finish_reason: finishReason }] }),
    ).join('')
  yield choices({ role: 'assistant', content: '' })
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'delta') yield choices({ content: event.text })
      if (event.type === 'finish') yield choices({}, event.reason)
      if (event.type === 'usage')
        yield `${chunk({ choices: [], usage: viewOf(event.usage, count) })}data: [DONE]\n\n`
    }
  }
}

async function* wholeOf(
  batches: AsyncGenerator<LlmEvent[]>,
  head: Head,
  count: number,
): AsyncGenerator<string> {
  let content = ''
  let finishReason = 'stop'
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'delta') content += event.text
      if (event.type === 'finish') finishReason = event.reason
      if (event.type !== 'usage') continue
      const message = { role: 'assistant', content, refusal: null }
      const choices = timesOf(count, (index) => ({
        index,
        message,
        logprobs: null,
        finish_reason: finishReason,
      }))
      const usage = viewOf(event.usage, count)
      yield JSON.stringify({ ...head, object: 'chat.completion', choices, usage })
    }
  }
}

function timesOf<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function viewOf({ promptTokens, completionTokens }: TokenUsage, count: number) {
  const completion = completionTokens * count
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
  }
}

function cannot(): BeginFailure {
  const told = new AppError('invalid_request', 'The demo model knows chat completions alone')
  return new BeginFailure(told, { code: 'provider_rejected', status: 400, reason: 'the demo', excerpt: '' })
}
