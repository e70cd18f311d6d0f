import type { AnswerOptions } from './begin-turn.ts'

/** What a message says on the wire about how it is to be answered. */
interface WireOptions {
  model?: string
  system_prompt?: string
  temperature?: number
  top_p?: number
  max_tokens?: number
}

export function answerOptions(wire: WireOptions): AnswerOptions {
  const { model, system_prompt, temperature, top_p, max_tokens } = wire
  return {
    model,
    systemPrompt: system_prompt,
    parameters: {
      ...(temperature === undefined ? {} : { temperature }),
      ...(top_p === undefined ? {} : { top_p }),
      ...(max_tokens === undefined ? {} : { max_tokens }),
    },
  }
}
