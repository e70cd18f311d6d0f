import { AppError } from '../errors.ts'
import { isId } from './ids.ts'

/** An id from a path, as we write ids. Throws `not_found` for what is none, as for an id that nobody has. */
export function checkId(id: string): string {
  if (!isId(id)) throw new AppError('not_found', 'There is nothing here')
  return id.toLowerCase()
}
