import type { Server } from 'bun'
import { Elysia } from 'elysia'
import type { KeyScope } from '../../db/key-tables.ts'
import type { Deps } from '../../deps.ts'
import { addressOf } from '../../http/client-ip.ts'
import { createSharedCounter } from '../../lib/shared-counter.ts'
import type { RelayPath } from '../../llm/llm.ts'
import { countOrder } from '../../modules/images/count-order.ts'
import { admit } from './admit.ts'
import { ask } from './ask.ts'
import { getModel, listModels } from './list-models.ts'
import { operations } from './operations.ts'

export { isOpenAiPath } from './error-shape.ts'

interface Context {
  request: Request
  server: Server<unknown> | null
}

/** What OpenAI's clients ask for. */
export function openAiFace(deps: Deps) {
  const counter = createSharedCounter(deps.kv)
  const callerOf = ({ request, server }: Context, scope: KeyScope | null) =>
    admit(deps, counter, request, { ip: addressOf({ request, server }, deps.config), scope })
  const asking = (path: RelayPath, scope: KeyScope) => {
    // By name: for a handler that takes the whole context the framework reads headers, cookies and query each time.
    return async ({ request, server }: Context) => {
      const caller = await callerOf({ request, server }, scope)
      if (path === '/images/generations') await countOrder(deps, caller.user.id)
      // A silent model must not look like a dead connection.
      server?.timeout(request, 0)
      return ask(deps, caller, request, path)
    }
  }
  // Bodies are read by the handlers: they have a limit of their own, and are passed on as they came.
  const unread = { parse: 'none' } as const
  return new Elysia({ name: 'openai-face', prefix: '/v1' })
    .get('/models', async (context) => listModels(deps, await callerOf(context, null)), {
      detail: operations.listGatewayModels,
    })
    .get(
      '/models/*',
      async (context) => getModel(deps, await callerOf(context, null), nameIn(context.params['*'])),
      { detail: operations.getGatewayModel },
    )
    .post('/chat/completions', asking('/chat/completions', 'chat'), {
      ...unread,
      detail: operations.createChatCompletion,
    })
    .post('/responses', asking('/responses', 'chat'), { ...unread, detail: operations.createResponse })
    .post('/embeddings', asking('/embeddings', 'chat'), { ...unread, detail: operations.createEmbedding })
    .post('/images/generations', asking('/images/generations', 'images'), {
      ...unread,
      detail: operations.generateImages,
    })
}

/** Clients write the slash in it as `%2F`, or as it is. */
function nameIn(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
