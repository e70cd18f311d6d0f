import { commonPasswords } from './common-passwords.ts'

const minLength = 8
const maxLength = 128

/**
 * 8 to 128 code points, of at least two kinds: Latin letters, digits, anything else. Digits of other scripts count
 * both as digits and as something else: accounts with such passwords exist. Refused besides: the passwords that
 * everybody tries first, and the person's own names (`names`).
 */
export function isWeakPassword(password: string, names: readonly (string | null)[] = []): boolean {
  const length = [...password].length
  if (length < minLength || length > maxLength || countKinds(password) < 2) return true
  const folded = password.toLowerCase()
  return commonPasswords.has(folded) || names.some((name) => name?.toLowerCase() === folded)
}

function countKinds(password: string): number {
  const kinds = [/[A-Za-z]/, /\p{Nd}/u, /[^A-Za-z0-9]/]
  return kinds.filter((kind) => kind.test(password)).length
}
