/** Names by which people log in. The three forms exclude each other, so nobody can register another one's name. */

const emailForm = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
// Mail programs read these as more than one address, or as something else altogether.
const unmailable = /[<>()[\]\\,;:"]/
const phoneForm = /^\+?[0-9][0-9 ().-]{2,31}$/
const usernameForm = /^[\p{L}\p{M}\p{Nd}_]{3,20}$/u
const letter = /\p{L}/u
const maxEmailLength = 254

/** The address in lower case, or null when it is none. */
export function toEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  const isFit = email.length <= maxEmailLength && emailForm.test(email) && !unmailable.test(email)
  return isFit && isStorable(email) ? email : null
}

/** Kept as it was written. null when it does not look like one: with a letter in it, it could be a username. */
export function toPhone(text: string): string | null {
  const phone = text.trim()
  return phoneForm.test(phone) ? phone : null
}

/** 3 to 20 letters, digits and underscores of any script, at least one letter; null otherwise. */
export function toUsername(text: string): string | null {
  const username = text.trim().normalize('NFKC')
  return usernameForm.test(username) && letter.test(username) ? username : null
}

/** PostgreSQL refuses U+0000, and half a surrogate pair would be stored as something else. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}
