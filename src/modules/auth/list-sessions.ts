import type { Deps } from '../../deps.ts'
import { deviceOf } from './device-of.ts'
import { listUserSessions, type SessionView } from './session-store.ts'

/** A script that logs in at each run leaves many behind; nobody looks through more. */
const mostListed = 100

export interface ListedSession extends SessionView {
  device: string | null
}

/** The sessions of a person that live, the last used ones first. */
export async function listSessions(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  userId: number,
): Promise<ListedSession[]> {
  const sessions = await listUserSessions(db, userId, now(), mostListed)
  return sessions.map((session) => ({ ...session, device: deviceOf(session.userAgent) }))
}
