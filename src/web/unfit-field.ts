import type { Refusal } from './api.ts'

/** Which field of a form a refusal is about, and what to say of it; null: none of those in `unfit`. */
export function unfitField(
  { fields }: Pick<Refusal, 'fields'>,
  unfit: Record<string, string>,
): { field: string; text: string } | null {
  const found = Object.entries(unfit).find(([field]) => fields.includes(field))
  return found ? { field: found[0], text: found[1] } : null
}
