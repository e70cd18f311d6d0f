import { Elysia } from 'elysia'
import type { Deps } from './deps.ts'
import { cloudchatFace, prefixes, shapeOf as shapeOfCloudchat } from './faces/cloudchat/routes.ts'
import { isOpenAiPath, openAiFace } from './faces/openai/routes.ts'
import { belowPrefix } from './http/below-prefix.ts'
import { addressOf } from './http/client-ip.ts'
import { cors } from './http/cors.ts'
import { edge } from './http/edge.ts'
import { mendFramework } from './http/mend-framework.ts'
import { problem } from './http/problem.ts'
import { sameOrigin } from './http/same-origin.ts'
import { trustedHosts } from './http/trusted-hosts.ts'
import { webPages } from './http/web-pages.ts'
import { adminRoutes } from './modules/admin/routes.ts'
import { authRoutes } from './modules/auth/routes.ts'
import { eventRoutes } from './modules/chat/event-routes.ts'
import { chatRoutes } from './modules/chat/routes.ts'
import { socketRoutes, socketSettings } from './modules/chat/socket-routes.ts'
import { summaryRoutes } from './modules/chat/summary-routes.ts'
import { conversationRoutes } from './modules/conversations/routes.ts'
import { searchRoutes } from './modules/conversations/search-routes.ts'
import { tagRoutes } from './modules/conversations/tag-routes.ts'
import { imageRoutes } from './modules/images/routes.ts'
import { keyRoutes } from './modules/keys/routes.ts'
import { libraryRoutes } from './modules/library/routes.ts'
import { modelRoutes } from './modules/models/routes.ts'
import { referenceRoutes } from './modules/reference/routes.ts'
import { shareRoutes } from './modules/shares/routes.ts'
import { siteNameOf, siteRoutes } from './modules/site/routes.ts'
import { statusRoutes } from './modules/status/routes.ts'
import { adminUsageRoutes } from './modules/usage/admin-usage-routes.ts'
import { quotaRoutes } from './modules/usage/routes.ts'
import { usageRoutes } from './modules/usage/usage-routes.ts'

/**
 * None: the server's own limit answers without a word, a header or a line in the log. Each route that reads a body
 * has a limit of its own, and what no route reads is never taken from the network.
 */
export const maxRequestBodyBytes = Number.MAX_SAFE_INTEGER

/** The whole service: what surrounds every request, then the routes. Listens to nothing yet. */
export function createApp(deps: Deps) {
  const { config, log, lifecycle, metrics } = deps
  const shapeOf = (path: string) => (isOpenAiPath(path) ? 'openai' : shapeOfCloudchat(path))
  const problems = { shapeOf, log }
  mendFramework()
  // Without `standardHostname: false` a Host of fewer than four letters finds no wildcard or WebSocket route.
  const app = new Elysia({
    name: 'app',
    handler: { standardHostname: false },
    websocket: socketSettings(config),
  })
  const ipOf = (request: Request) => addressOf({ request, server: app.server }, config)

  // The last is the outermost.
  app
    .wrap(cors(config))
    .wrap(edge({ ...problems, config, lifecycle, metrics, ipOf }))
    .wrap(belowPrefix(prefixes))
  const service = app
    .use(problem(problems))
    .use(trustedHosts(config))
    .use(sameOrigin(config))
    .use(statusRoutes(deps))
    .use(siteRoutes(deps))
    .use(authRoutes(deps))
    .use(keyRoutes(deps))
    .use(modelRoutes(deps))
    .use(quotaRoutes(deps))
    .use(usageRoutes(deps))
    .use(adminUsageRoutes(deps))
    .use(conversationRoutes(deps))
    .use(searchRoutes(deps))
    .use(tagRoutes(deps))
    .use(libraryRoutes(deps))
    .use(shareRoutes(deps))
    .use(chatRoutes(deps))
    .use(summaryRoutes(deps))
    .use(imageRoutes(deps))
    .use(eventRoutes(deps))
    .use(socketRoutes(deps))
    .use(adminRoutes(deps))
    .use(openAiFace(deps))
    .use(cloudchatFace(deps))
    .use(webPages(prefixes, config, () => siteNameOf(deps)))
  if (config.docs) app.use(referenceRoutes(deps, { routes: () => app.routes, shapeOf }))
  return service
}
