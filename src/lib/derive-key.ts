import { hkdfSync } from 'node:crypto'

/** 256 bits for one purpose. Whoever learns one purpose's key knows neither the secret nor any other key. */
export function deriveKey(secretKey: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, 'cloudchat', purpose, 32))
}
