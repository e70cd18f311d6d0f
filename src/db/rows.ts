/** The rows of a raw `db.execute(...)`. Numbers wider than 32 bits, `count(*)` among them, come as text. */
export function rowsOf<T>(result: unknown): T[] {
  if (!Array.isArray(result)) throw new TypeError('Not the result of one statement')
  return result as T[]
}
