import { causesOf } from '../errors.ts'

/** True when the database refused a row that this check does not allow. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  for (const current of causesOf(error)) {
    const { code, constraint_name } = current as { code?: string; constraint_name?: string }
    if (code === '23514') return constraint === constraint_name
  }
  return false
}
