import type { Config } from '../../src/config.ts'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import type { Llm, LlmEvent, Prompt } from '../../src/llm/llm.ts'

export const apiKey = 'sk-test-0123456789-very-secret'

/** The relay as the service builds it, with one provider `test`, and every line that it logs. */
export function startLlm(
  baseUrl: string,
  settings: Partial<Config['llm']> & { model?: string | null } = {},
): { llm: Llm; lines: string[] } {
  const lines: string[] = []
  const { model = 'normal', ...rest } = settings
  const provider = { name: 'test', baseUrl, apiKeys: [apiKey], model, organization: null }
  const llm = createLlm(
    {
      presets: [],
      providers: [provider],
      defaultModel: null,
      models: [],
      contextWindow: 32_768,
      timeoutSeconds: 10,
      idleTimeoutSeconds: 10,
      maxRetries: 0,
      ...rest,
    },
    createLog('trace', (line) => lines.push(line)),
  )
  return { llm, lines }
}

export const hello: Prompt = { messages: [{ role: 'user', content: 'hello' }] }

export interface Answer {
  text: string
  reasoning: string
  events: LlmEvent[]
  /** What the loop threw. */
  error: unknown
}

/** Asks and listens to the end. `onBatch` may stop it. */
export async function ask(
  llm: Llm,
  model: string,
  { prompt = hello, signal = new AbortController().signal, onBatch = async (_texts: string[]) => {} } = {},
): Promise<Answer> {
  const answer: Answer = { text: '', reasoning: '', events: [], error: null }
  try {
    for await (const batch of llm.stream(prompt, { model: { provider: 'test', model }, signal })) {
      answer.events.push(...batch)
      await onBatch(batch.filter((event) => event.type === 'delta').map(({ text }) => text))
    }
  } catch (error) {
    answer.error = error
  }
  for (const event of answer.events) {
    if (event.type === 'delta') answer.text += event.text
    if (event.type === 'reasoning') answer.reasoning += event.text
  }
  return answer
}

/** Waits for something that another connection brings about; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(5)
}
