/** True when the database refused a duplicate, of that constraint if one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  ) {
    const { code, constraint_name } = current as { code?: string; constraint_name?: string }
    if (code === '23505') return constraint === undefined || constraint === constraint_name
  }
  return false
}
