import { seal, unseal } from '../../lib/seal.ts'
import type { Letter } from '../../mail/mailer.ts'

const purpose = 'mail_outbox'

type Contents = Pick<Letter, 'subject' | 'text'>

/** A reset link is as good as a password: in the database it is readable with SECRET_KEY only. */
export function sealLetter(secretKey: string, { subject, text }: Contents): string {
  return seal(secretKey, purpose, JSON.stringify({ subject, text }))
}

/** null: sealed with another SECRET_KEY. */
export function openLetter(secretKey: string, sealed: string): Contents | null {
  const json = unseal(secretKey, purpose, sealed)
  return json === null ? null : (JSON.parse(json) as Contents)
}
