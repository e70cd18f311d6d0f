import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deriveKey } from './derive-key.ts'

const version = 'v1.'
const nonceBytes = 12
const tagBytes = 16

/**
 * Text that only this service can read back, for one purpose: AES-256-GCM with a key of its own for each purpose,
 * derived from the service's secret.
 */
export function seal(secretKey: string, purpose: string, text: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secretKey, purpose), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return version + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** null: sealed with another secret or for another purpose, damaged, or forged. */
export function unseal(secretKey: string, purpose: string, sealed: string): string | null {
  if (!sealed.startsWith(version)) return null
  const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return null
  try {
    const nonce = bytes.subarray(0, nonceBytes)
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(secretKey, purpose), nonce)
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
    return text.toString('utf8')
  } catch {
    return null
  }
}
