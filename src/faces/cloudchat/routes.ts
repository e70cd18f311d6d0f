import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { cookies } from '../../http/cookies.ts'
import type { OperationDetail } from '../../lib/operation.ts'
import { closeSession, me, openSession, registerAccount } from './account.ts'
import { chat } from './chat.ts'
import { deepseekChat } from './deepseek-chat.ts'
import { type FaceHandler, type FaceReader, faceRequest, type RouteContext } from './face-request.ts'
import { generateImage } from './generate-image.ts'
import { operations } from './operations.ts'
import { forgotPassword, newPassword } from './password.ts'
import { prefixes } from './prefixes.ts'
import { healthz, test } from './probes.ts'
import { chatHistory, resetChat } from './visitor-history.ts'
import { createVisitors } from './visitors.ts'

export { shapeOf } from './error-shape.ts'
export { prefixes }

/** By path, each with its words in the reference. */
type Described<Handle> = Record<string, [handle: Handle, detail: OperationDetail]>

/** Everything that the live front end asks for, with and without its prefix. */
export function cloudchatFace(deps: Deps) {
  const visitors = createVisitors(deps)
  const reads: Described<FaceReader> = {
    '/auth/me': [me(deps), operations.cloudchatMe],
    '/auth/healthz': [healthz(deps), operations.cloudchatHealth],
    '/test': [test(), operations.cloudchatTest],
  }
  const gets: Described<FaceHandler> = {
    '/chat_history': [chatHistory(visitors), operations.cloudchatHistory],
  }
  const posts: Described<FaceHandler> = {
    '/auth/register': [registerAccount(deps), operations.cloudchatRegister],
    '/auth/login': [openSession(deps), operations.cloudchatLogIn],
    '/auth/logout': [closeSession(deps), operations.cloudchatLogOut],
    '/auth/password/forgot': [forgotPassword(deps), operations.cloudchatForgotPassword],
    '/auth/password/reset': [newPassword(deps), operations.cloudchatResetPassword],
    '/deepseek_chat': [deepseekChat(deps, visitors), operations.cloudchatAsk],
    '/chat': [chat(deps), operations.cloudchatAskOnce],
    '/generate_image': [generateImage(deps), operations.cloudchatDraw],
    '/reset_chat': [resetChat(visitors), operations.cloudchatReset],
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
    for (const [path, [read, detail]] of Object.entries(reads)) {
      readers.get(prefix + path, ({ request }) => read(request), { detail })
    }
    for (const [path, [handle, detail]] of Object.entries(gets)) {
      handlers.get(prefix + path, routeTo(handle), { detail })
    }
    for (const [path, [handle, detail]] of Object.entries(posts)) {
      handlers.post(prefix + path, routeTo(handle), { ...unread, detail })
    }
  }
  return new Elysia({ name: 'cloudchat-face' }).use(readers).use(handlers)
}
