import { AppError } from '../../errors.ts'

/** A request refused for one of its fields. The message is shown to people and never repeats the value. */
export function invalidField(path: string, message: string): AppError {
  return new AppError('invalid_request', message, { faults: [{ path, message }] })
}
