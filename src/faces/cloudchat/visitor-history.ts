import type { FaceHandler } from './face-request.ts'
import type { Visitors } from './visitors.ts'

/** What the caller's own session remembers, for a page that was loaded again. */
export function chatHistory(visitors: Visitors): FaceHandler {
  return async ({ cookies }) => {
    const messages = await visitors.findMessages(cookies.visitor)
    if (messages !== null && cookies.visitor !== null) cookies.setVisitor(cookies.visitor)
    return Response.json({ messages: messages ?? [] }, { headers: { 'cache-control': 'no-store' } })
  }
}

/** Forgets the conversation. Says so to everybody, and creates nothing for those who have none. */
export function resetChat(visitors: Visitors): FaceHandler {
  return async ({ cookies }) => {
    const isAlive = await visitors.forget(cookies.visitor)
    if (isAlive && cookies.visitor !== null) cookies.setVisitor(cookies.visitor)
    return Response.json({ status: 'Reset chat history successfully' })
  }
}
