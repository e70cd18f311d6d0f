import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { operations } from './operations.ts'
import { siteView } from './schema.ts'

/** What the web page shows to everybody: the name of the site and who answers here. */
export function siteRoutes(deps: Pick<Deps, 'config' | 'llm'>) {
  return new Elysia({ name: 'site' }).get(
    '/api/v1/site',
    () => ({
      name: deps.config.siteName,
      demo: deps.llm.defaultModel.provider === 'demo',
      anonymous_chat: deps.config.cloudchat.anonymousChat,
    }),
    { response: siteView, detail: operations.getSite },
  )
}
