import type { Deps } from '../../deps.ts'
import { isLinkToken } from '../../lib/tokens.ts'
import { noShare } from './share.ts'
import { findShared } from './store.ts'

/** What everybody may see who has the link, as JSON text. Throws `not_found`. */
export async function readShare({ db, now }: Pick<Deps, 'db' | 'now'>, token: string): Promise<string> {
  const shared = isLinkToken(token) ? await findShared(db, token, now()) : null
  if (shared === null) throw noShare()
  const { title, displayName, createdAt, expiresAt, messages } = shared
  const about = JSON.stringify({
    title,
    display_name: displayName,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  })
  // The messages are JSON already: up to a megabyte that nobody has to take apart.
  return `${about.slice(0, -1)},"messages":${messages}}`
}
