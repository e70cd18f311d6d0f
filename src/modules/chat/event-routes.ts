import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { sse } from '../../http/sse.ts'
import { createSeats } from '../../lib/seats.ts'
import { authGuard } from '../auth/guard.ts'
import { followUser } from './follow-user.ts'
import { keepStream } from './keep-stream.ts'
import { operations } from './operations.ts'

/** More windows than anybody has. */
const maxWindows = 30
const lastWordMs = 200

/** What happens to a person's conversations, for his other windows and devices. */
export function eventRoutes(deps: Deps) {
  const seats = createSeats(maxWindows)
  return new Elysia({ name: 'user-events', prefix: '/api/v1' }).use(authGuard(deps)).get(
    '/events',
    ({ request, server, user, sessionId }) => {
      const reader = followUser(deps, seats, user.id)
      server?.timeout(request, 0)
      const whileOpen = (end: () => void) =>
        keepStream(deps, 'sse', sessionId, () => {
          reader.revoke(sessionId)
          // A client that takes nothing does not stay for the last word.
          setTimeout(end, lastWordMs)
        })
      return sse(request, reader, { whileOpen })
    },
    { auth: 'user', detail: operations.followUser },
  )
}
