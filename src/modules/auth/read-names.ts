import type { AppError } from '../../errors.ts'
import { isStorable, toEmail, toPhone, toUsername } from './identifiers.ts'
import { invalidField } from './invalid-field.ts'

const maxDisplayNameLength = 80

/**
 * A person's names as they are kept, from what somebody typed. Spaces around do not count, and nothing but spaces is
 * nothing: null. Throws `invalid_request` with a fault at the field.
 */
export function readEmail(text: string | null): string | null {
  const email = given(text)
  return email && (toEmail(email) ?? refuse('email', 'Invalid email'))
}

export function readPhone(text: string | null): string | null {
  const phone = given(text)
  return phone && (toPhone(phone) ?? refuse('phone', 'Invalid phone'))
}

export function readUsername(text: string | null): string | null {
  const username = given(text)
  return username && (toUsername(username) ?? refuse('username', 'Invalid username'))
}

export function readDisplayName(text: string | null): string | null {
  const name = given(text)
  if (name === null) return null
  const isFit = [...name].length <= maxDisplayNameLength && isStorable(name)
  return isFit ? name : refuse('display_name', 'Invalid display_name')
}

/** An account needs a name to log in by. */
export function nameless(): AppError {
  return invalidField('email', 'One of email, phone and username is needed')
}

function given(text: string | null): string | null {
  return text?.trim() || null
}

function refuse(path: string, message: string): never {
  throw invalidField(path, message)
}
