import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { isId } from '../../lib/ids.ts'
import { dropSessions } from './drop-sessions.ts'
import { deleteUserSession, deleteUserSessions } from './session-store.ts'

type EndDeps = Pick<Deps, 'db' | 'log' | 'credentialCache' | 'openStreams'>

/** Ends a session of this person, which may be the one that asks. Throws `not_found`. */
export async function endSession(deps: EndDeps, userId: number, id: string): Promise<void> {
  const isEnded = isId(id) && (await deleteUserSession(deps.db, userId, id))
  if (!isEnded) throw new AppError('not_found', 'There is no such session')
  // As it is written in the database: whoever asked may have written it in capitals.
  dropSessions(deps, [id.toLowerCase()])
  deps.log.info({ userId, endedSessions: 1 }, 'sessions ended')
}

/** Ends all sessions of this person but one. */
export async function endOtherSessions(deps: EndDeps, userId: number, keptId: string): Promise<void> {
  const ended = await deleteUserSessions(deps.db, userId, keptId)
  dropSessions(
    deps,
    ended.map(({ id }) => id),
  )
  deps.log.info({ userId, endedSessions: ended.length }, 'sessions ended')
}
