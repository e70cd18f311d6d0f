import { AppError } from '../errors.ts'
import { streamDemo } from './demo.ts'
import { relayDemo } from './demo-relay.ts'
import type { Provider } from './openai.ts'

/** The model that answers when no provider is configured. */
export const demoProvider: Provider = {
  model: 'demo',
  async begin(prompt, _model, signal) {
    const events = streamDemo(prompt, signal)
    return {
      first: [],
      next: async () => (await events.next()).value ?? null,
      close: () => void events.return(null),
      failed: (cause) => new AppError('internal', 'Something went wrong', { cause }),
    }
  },
  relay: relayDemo,
}
