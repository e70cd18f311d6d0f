import { causesOf } from '../errors.ts'

/** True when the database refused a duplicate, of that constraint if one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  for (const current of causesOf(error)) {
    const { code, constraint_name } = current as { code?: string; constraint_name?: string }
    if (code === '23505') return constraint === undefined || constraint === constraint_name
  }
  return false
}
