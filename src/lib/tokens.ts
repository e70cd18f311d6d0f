import { createHash, timingSafeEqual } from 'node:crypto'

/** 256 random bits as 43 characters of URL-safe base64: session, reset and visitor tokens. */
export function createToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
}

/** Takes the same time wherever they differ. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

/** How a token is stored: SHA-256 in hexadecimal. A leaked table lets nobody in. */
export function hashToken(token: string): string {
  return Bun.SHA256.hash(token, 'hex')
}

/** Of one length whatever the text: the comparison refuses others. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
