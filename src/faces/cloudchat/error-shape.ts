import type { ErrorShape } from '../../http/problem.ts'
import { prefixes } from './prefixes.ts'

const chatPaths = new Set([
  '/deepseek_chat',
  '/chat',
  '/generate_image',
  '/reset_chat',
  '/chat_history',
  '/test',
])

/** How errors look at this path: the live front end reads `error` as a string, and `ok` on its account paths. */
export function shapeOf(pathname: string): ErrorShape {
  for (const prefix of prefixes) {
    if (!pathname.startsWith(`${prefix}/`)) continue
    // The router takes `/chat/` for `/chat`.
    const path = pathname.slice(prefix.length).replace(/\/$/, '')
    if (path === '/auth' || path.startsWith('/auth/')) return 'ok-flat'
    if (chatPaths.has(path)) return 'flat'
  }
  return 'problem'
}
