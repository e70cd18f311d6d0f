import type { Config } from '../../config.ts'
import { deriveKey } from '../../lib/derive-key.ts'
import { seal, unseal } from '../../lib/seal.ts'

/** Where a key belongs. Sealed for one place it cannot be opened at another: nobody moves it to an address of his. */
export interface KeyPlace {
  id: string
  provider: string
  baseUrl: string | null
}

type Secrets = Pick<Config, 'secretKey' | 'oldSecretKey'>

export function sealKey({ secretKey }: Secrets, place: KeyPlace, apiKey: string) {
  return {
    sealedKey: seal(secretKey, purposeOf(place), apiKey),
    sealedBy: fingerprintOf(secretKey),
    lastFour: apiKey.slice(-4),
  }
}

/** With the secret, or the one before it. null: sealed by another, for another place, or damaged. */
export function unsealKey(
  { secretKey, oldSecretKey }: Secrets,
  place: KeyPlace,
  sealed: string,
): string | null {
  const purpose = purposeOf(place)
  return unseal(secretKey, purpose, sealed) ?? (oldSecretKey && unseal(oldSecretKey, purpose, sealed))
}

/** Tells secrets apart, and says nothing about them. */
export function fingerprintOf(secretKey: string): string {
  return Buffer.from(deriveKey(secretKey, 'fingerprint')).toString('hex').slice(0, 16)
}

function purposeOf({ id, provider, baseUrl }: KeyPlace): string {
  return `provider key ${JSON.stringify([id, provider, baseUrl])}`
}
