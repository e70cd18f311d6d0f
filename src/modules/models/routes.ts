import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import { type Choice, listChoices } from './list-choices.ts'
import { operations } from './operations.ts'
import { modelsView } from './schema.ts'

/** The models to choose from. No provider is asked, so none can hold this up. */
export function modelRoutes(deps: Deps) {
  const { currency } = deps.config
  return new Elysia({ name: 'models', prefix: '/api/v1' }).use(authGuard(deps)).get(
    '/models',
    async ({ user }) => {
      const choices = await listChoices(deps, user)
      return { items: choices.map((choice) => viewOf(choice, currency)), next_cursor: null }
    },
    { auth: 'user', response: modelsView, detail: operations.listModels },
  )
}

function viewOf(choice: Choice, currency: string): (typeof modelsView.static.items)[number] {
  const { prices, capabilities } = choice
  return {
    id: choice.id,
    provider: choice.ref.provider,
    name: choice.name,
    context_window: choice.contextWindow,
    max_output_tokens: choice.maxOutputTokens,
    prices: prices && {
      currency,
      input: prices.input,
      cached_input: prices.cachedInput,
      output: prices.output,
      reasoning: prices.reasoning,
    },
    capabilities: { ...capabilities },
    available: choice.isAvailable,
    default: choice.isDefault,
  }
}
