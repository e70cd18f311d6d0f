import { isUniqueViolation } from '../../db/unique-violation.ts'
import { AppError } from '../../errors.ts'

/** Which name was taken, told from the database's own refusal: asking first would lose a race. null: another error. */
export function takenNameError(error: unknown): AppError | null {
  if (isUniqueViolation(error, 'users_email_key')) {
    return new AppError('email_taken', 'Email already registered')
  }
  if (isUniqueViolation(error, 'users_phone_key')) {
    return new AppError('phone_taken', 'Phone already registered')
  }
  if (isUniqueViolation(error, 'users_username_key')) {
    return new AppError('username_taken', 'Username already registered')
  }
  return null
}
