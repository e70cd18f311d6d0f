import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { cookies } from '../../http/cookies.ts'
import { closeSession, me, openSession, registerAccount } from './account.ts'
import { chat } from './chat.ts'
import { deepseekChat } from './deepseek-chat.ts'
import { type FaceHandler, type FaceReader, faceRequest, type RouteContext } from './face-request.ts'
import { forgotPassword, newPassword } from './password.ts'
import { prefixes } from './prefixes.ts'
import { healthz, test } from './probes.ts'
import { chatHistory, resetChat } from './visitor-history.ts'
import { createVisitors } from './visitors.ts'

export { shapeOf } from './error-shape.ts'
export { prefixes }

/** Everything that the live front end asks for, with and without its prefix. */
export function cloudchatFace(deps: Deps) {
  const visitors = createVisitors(deps)
  const reads: Record<string, FaceReader> = {
    '/auth/me': me(deps),
    '/auth/healthz': healthz(deps),
    '/test': test(),
  }
  const gets: Record<string, FaceHandler> = {
    '/chat_history': chatHistory(visitors),
  }
  const posts: Record<string, FaceHandler> = {
    '/auth/register': registerAccount(deps),
    '/auth/login': openSession(deps),
    '/auth/logout': closeSession(deps),
    '/auth/password/forgot': forgotPassword(deps),
    '/auth/password/reset': newPassword(deps),
    '/deepseek_chat': deepseekChat(deps, visitors),
    '/chat': chat(deps),
    '/reset_chat': resetChat(visitors),
  }
  const routeTo =
    (handle: FaceHandler) =>
    ({ request, server, cookies }: RouteContext) =>
      handle(faceRequest(deps, { request, server, cookies }))
  // Bodies are read by the handlers: these paths have limits and refusals of their own.
  const unread = { parse: 'none' } as const
  const readers = new Elysia({ name: 'cloudchat-readers' })
  const handlers = new Elysia({ name: 'cloudchat-handlers' }).use(cookies(deps.config))
  for (const prefix of prefixes) {
    for (const [path, read] of Object.entries(reads))
      readers.get(prefix + path, ({ request }) => read(request))
    for (const [path, handle] of Object.entries(gets)) handlers.get(prefix + path, routeTo(handle))
    for (const [path, handle] of Object.entries(posts)) handlers.post(prefix + path, routeTo(handle), unread)
  }
  return new Elysia({ name: 'cloudchat-face' }).use(readers).use(handlers)
}
