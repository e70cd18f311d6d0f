import { createHash, timingSafeEqual } from 'node:crypto'

/** 256 random bits as 43 characters of URL-safe base64: session, reset and visitor tokens. */
export function createToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
}

/** 128 random bits as 22 characters, for a link that people pass on. */
export function createLinkToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
}

/** Whether a text has the form of such a token, before the database is asked for it. */
export function isLinkToken(text: string): boolean {
  return /^[\w-]{22}$/.test(text)
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
