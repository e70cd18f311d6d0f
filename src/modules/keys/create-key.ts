import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { hashToken } from '../../lib/tokens.ts'
import { allScopes, createKeyText } from '../auth/api-key.ts'
import { refreshModels } from '../models/refresh-models.ts'
import { checkWish, type KeyWish, toName } from './check-wish.ts'
import type { KeyView } from './key.ts'
import { insertKey } from './store.ts'

const maxKeys = 100
const endingLength = 4

export interface NewKeyWish extends KeyWish {
  name: string
}

/** `text` is the key: nothing here keeps it. Throws `invalid_request`, and `conflict` for one key too many. */
export async function createKey(
  deps: Pick<Deps, 'db' | 'llm' | 'config' | 'offerMemory' | 'now' | 'log'>,
  userId: number,
  wish: NewKeyWish,
): Promise<{ key: KeyView; text: string }> {
  await refreshModels(deps)
  const text = createKeyText()
  const key = {
    id: createId(),
    ending: text.slice(-endingLength),
    scopes: [...allScopes],
    models: null,
    allowedAddresses: null,
    limits: {},
    rate: null,
    expiresAt: null,
    createdAt: deps.now(),
    ...checkWish(deps, wish),
    name: toName(wish.name),
  }
  if (!(await insertKey(deps.db, userId, { ...key, keyHash: hashToken(text) }, maxKeys))) {
    throw new AppError('conflict', `Nobody may have more than ${maxKeys} API keys`)
  }
  deps.log.info({ userId, keyId: key.id }, 'API key created')
  return { key: { ...key, lastUsedAt: null }, text }
}
