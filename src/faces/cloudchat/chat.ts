import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { ModelRef, Prompt } from '../../llm/llm.ts'
import { refreshModels } from '../../modules/models/refresh-models.ts'
import { admitChat } from './admit-chat.ts'
import type { FaceHandler } from './face-request.ts'
import { readFields } from './fields.ts'
import { relay } from './relay.ts'
import { sampling } from './sampling.ts'

/** Answers a single question, by Qwen where it is configured. Nothing is remembered. */
export function chat(deps: Deps): FaceHandler {
  return async (asked) => {
    const { message } = await readFields(asked.request, { message: { maxLength: 4000, trim: true } })
    if (!message) throw new AppError('invalid_request', 'Message is required')
    const asker = await admitChat(deps, asked.request, asked.client)
    asked.keepOpen()
    await refreshModels(deps)
    return relay(deps, asked.request, { ...asker, ...questionFor(deps, message) })
  }
}

function questionFor(deps: Deps, message: string): { prompt: Prompt; model: ModelRef } {
  const messages = [{ role: 'user' as const, content: message }]
  const qwen = deps.llm.modelOf('qwen')
  if (qwen === null) return { prompt: { messages, ...sampling }, model: deps.llm.defaultModel }
  return { prompt: { messages, topP: 0.8, maxTokens: sampling.maxTokens }, model: qwen }
}
