import type { KeyScope } from '../../db/key-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { addressMatcher } from '../../lib/addresses.ts'
import { describeError } from '../../lib/describe-error.ts'
import { hashToken } from '../../lib/tokens.ts'
import { type ApiKey, isKeyText, looksLikeKey } from './api-key.ts'
import { findKey, touchKeys } from './key-store.ts'
import { type Presented, resolveToken } from './resolve-credential.ts'
import type { User } from './user.ts'

/** Who asks, where programs are let in by a key: its owner, or somebody who is logged in. */
export interface Caller {
  user: User
  /** null: by an access token, which may do whatever its person may. */
  key: ApiKey | null
  /** null: by a key. */
  sessionId: string | null
}

export interface KeyHolder {
  user: User
  key: ApiKey
  /** To the minute; null: never. */
  lastUsedAt: Date | null
}

export interface PresentedWithKey extends Presented {
  /** `x-api-key`. */
  apiKey: string | null
}

type CallerDeps = Pick<Deps, 'config' | 'db' | 'now' | 'log' | 'credentialCache' | 'keyCache' | 'keyUses'>

const useIsWrittenEveryMs = 60_000

/**
 * Who presents this; null: nobody. A cookie alone lets nobody in: another site might be behind it. But two credentials
 * that are not the same person's are refused, and so are two different keys: nobody could tell whom to bill.
 *
 * Throws `token_expired`, `forbidden` (an address or a scope that the key is not for), `invalid_request`. As fresh as
 * `resolveToken`.
 */
export async function resolveCaller(
  deps: CallerDeps,
  { cookie, bearer, apiKey }: PresentedWithKey,
  { ip, scope }: { ip: string; scope: KeyScope | null },
): Promise<Caller | null> {
  if (bearer !== null && apiKey !== null && bearer !== apiKey) throw disagreeing()
  const token = bearer ?? apiKey
  if (token === null) return null
  const caller = looksLikeKey(token)
    ? await resolveKey(deps, token, ip, scope)
    : await resolvePerson(deps, token)
  if (caller === null || cookie === null) return caller
  const visitor = await resolveToken(deps, { cookie, bearer: null })
  if (visitor !== null && visitor.user.id !== caller.user.id) throw disagreeing()
  return caller
}

/** Whose key or access token that is, whatever it may do; null: nobody's. */
export async function ownerOf(deps: CallerDeps, token: string): Promise<number | null> {
  if (!looksLikeKey(token)) return (await resolvePerson(deps, token))?.user.id ?? null
  return (await findHolder(deps, token))?.user.id ?? null
}

async function resolvePerson(deps: CallerDeps, token: string): Promise<Caller | null> {
  const credential = await resolveToken(deps, { cookie: null, bearer: token })
  return credential && { user: credential.user, key: null, sessionId: credential.sessionId }
}

async function resolveKey(
  deps: CallerDeps,
  text: string,
  ip: string,
  scope: KeyScope | null,
): Promise<Caller | null> {
  const holder = await findHolder(deps, text)
  if (holder === null) return null
  const { user, key } = holder
  if (key.expiresAt !== null && key.expiresAt <= deps.now()) {
    throw new AppError('token_expired', 'This API key has expired')
  }
  if (!isAllowedFrom(key, ip))
    throw new AppError('forbidden', 'This API key may not be used from this address')
  if (scope !== null && !key.scopes.includes(scope)) {
    throw new AppError('forbidden', `This API key is not for this: it lacks the scope ${scope}`)
  }
  noteUse(deps, holder)
  return { user, key, sessionId: null }
}

async function findHolder({ db, keyCache }: CallerDeps, text: string): Promise<KeyHolder | null> {
  if (!isKeyText(text)) return null
  const keyHash = hashToken(text)
  return keyCache.get(keyHash, () => findKey(db, keyHash))
}

const matchers = new WeakMap<string[], (ip: string) => boolean>()

function isAllowedFrom({ allowedAddresses }: ApiKey, ip: string): boolean {
  if (allowedAddresses === null) return true
  const known = matchers.get(allowedAddresses)
  const matches = known ?? addressMatcher(allowedAddresses)
  if (known === undefined) matchers.set(allowedAddresses, matches)
  return matches(ip)
}

/** Beside the request, at most once a minute, and those of all keys together. */
function noteUse({ db, now, log, keyUses }: CallerDeps, holder: KeyHolder): void {
  const usedAt = now()
  if (holder.lastUsedAt !== null && usedAt.getTime() - holder.lastUsedAt.getTime() < useIsWrittenEveryMs)
    return
  // Whoever shares this answer within its second need not write too.
  holder.lastUsedAt = usedAt
  const write = async (uses: { id: string; usedAt: Date }[]) => {
    await touchKeys(db, uses)
    return uses.map(() => null)
  }
  keyUses.add({ id: holder.key.id, usedAt }, write).catch((error) => {
    log.warn({ error: describeError(error) }, 'the last use of a key could not be written down')
  })
}

/** Nobody could tell who was meant. */
export function disagreeing(): AppError {
  return new AppError('invalid_request', 'Two credentials at once that do not agree: send one')
}
