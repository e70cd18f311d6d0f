import type { Deps } from '../../deps.ts'
import { hashToken } from '../../lib/tokens.ts'
import { deleteSession } from './store.ts'

/** Ends the session behind a token. Nothing happens when there is none. */
export async function logOut(
  deps: Pick<Deps, 'db' | 'credentialCache'>,
  token: string | null,
): Promise<void> {
  if (token === null || token === '') return
  const tokenHash = hashToken(token)
  await deleteSession(deps.db, tokenHash)
  deps.credentialCache.forget((_credential, key) => key === tokenHash)
}
