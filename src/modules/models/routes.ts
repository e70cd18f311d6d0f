import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import { listModels, type Model } from './find-model.ts'
import { operations } from './operations.ts'
import { modelsView } from './schema.ts'

/** The models to choose from. No provider is asked, so none can hold this up. */
export function modelRoutes(deps: Deps) {
  return new Elysia({ name: 'models', prefix: '/api/v1' })
    .use(authGuard(deps))
    .get('/models', () => ({ items: listModels(deps).map(viewOf), next_cursor: null }), {
      auth: 'user',
      response: modelsView,
      detail: operations.listModels,
    })
}

function viewOf({ id, ref, name, contextWindow, maxOutputTokens }: Model, index: number) {
  return {
    id,
    provider: ref.provider,
    name,
    context_window: contextWindow,
    max_output_tokens: maxOutputTokens,
    default: index === 0,
  }
}
