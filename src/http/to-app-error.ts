import {
  ElysiaCustomStatusResponse,
  InvalidCookieSignature,
  InvalidFileType,
  NotFoundError,
  ParseError,
  ValidationError,
} from 'elysia'
import { AppError, type ErrorCode, type FieldFault, findAppError } from '../errors.ts'

const maxFaults = 10

/**
 * Anything thrown, in our words. Asks `instanceof` and never `code` or a class name: an error's own `code`
 * overrides the framework's, and names are shortened in the executable.
 */
export function toAppError(thrown: unknown, request?: Request): AppError {
  const known = findAppError(thrown)
  if (known !== null) return known
  if (thrown instanceof ValidationError) return fromValidation(thrown, request)
  if (thrown instanceof NotFoundError) return new AppError('not_found', 'There is nothing here')
  if (thrown instanceof ParseError) return invalid('The body could not be read', thrown)
  if (thrown instanceof InvalidCookieSignature) return invalid('A cookie is not valid', thrown)
  if (thrown instanceof InvalidFileType) {
    return new AppError('unsupported_media_type', 'This type of file is not accepted')
  }
  if (thrown instanceof ElysiaCustomStatusResponse) return fromStatus(Number(thrown.code))
  if (isDecodeError(thrown)) return invalid('The request is not valid', thrown)
  return new AppError('internal', 'Something went wrong', { cause: thrown })
}

function fromValidation(error: ValidationError, request: Request | undefined): AppError {
  // What we answer is our own doing, not the caller's. The error holds the answer itself: it must not be logged.
  if (error.type === 'response') {
    const where = error.valueError?.path ?? ''
    const cause = new Error(`the answer does not match its schema at ${where || '/'}`)
    return new AppError('internal', 'Something went wrong', { cause })
  }
  return new AppError('invalid_request', 'The request is not valid', { faults: faultsOf(error, request) })
}

/** Where and what was expected. The framework's own list repeats the value that was sent, maybe a password. */
function faultsOf(error: ValidationError, request: Request | undefined): FieldFault[] {
  const faults = new Map<string, string>()
  for (const fault of error.all.flatMap(withinUnion)) {
    const path = fault.path.replace(/^\//, '') || (parameterOf(error, request) ?? error.type)
    if (!faults.has(path)) faults.set(path, messageOf(fault))
    if (faults.size >= maxFaults) break
  }
  return [...faults].map(([path, message]) => ({ path, message }))
}

type Fault = ValidationError['all'][number]

/** What may be null is one of two to the framework, which would tell no more than that it is neither. */
function withinUnion(fault: Fault): Fault[] {
  const branches = branchesOf(fault).flatMap((branch, at) =>
    branch.type === 'null' ? [] : [fault.errors[at]],
  )
  const [only] = branches
  if (branches.length !== 1 || only === undefined) return [fault]
  return [...only].flatMap(withinUnion)
}

function messageOf(fault: Fault): string {
  const { schema, value, message } = fault
  if (schema.multipleOf === 1 && typeof value === 'number' && !Number.isInteger(value)) {
    return 'Expected a whole number'
  }
  const constants = branchesOf(fault).flatMap((branch) => ('const' in branch ? [String(branch.const)] : []))
  return constants.length > 0 ? `Expected one of ${constants.join(', ')}` : message
}

function branchesOf({ schema }: Fault): Fault['schema'][] {
  return Array.isArray(schema.anyOf) ? schema.anyOf : []
}

/** A number that is too large or too small is found after its name is gone; in the query it stands beside it. */
function parameterOf({ type, value }: ValidationError, request: Request | undefined): string | null {
  if (type !== 'property' || request === undefined) return null
  const parameters = [...new URL(request.url).searchParams]
  return parameters.find(([, text]) => text !== '' && Number(text) === Number(value))?.[0] ?? null
}

function invalid(message: string, cause: unknown): AppError {
  return new AppError('invalid_request', message, { cause })
}

/** For `throw status(404)`, the framework's own way. */
function fromStatus(status: number): AppError {
  const codes: Record<number, ErrorCode> = {
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'payload_too_large',
    415: 'unsupported_media_type',
    429: 'rate_limited',
    503: 'dependency_down',
  }
  const code = codes[status] ?? (status >= 400 && status < 500 ? 'invalid_request' : 'internal')
  return new AppError(code, code === 'internal' ? 'Something went wrong' : 'The request was refused')
}

/** TypeBox's own error when a value cannot be decoded, told by its shape, as its class is not to be had here. */
function isDecodeError(error: unknown): boolean {
  return error instanceof Error && 'schema' in error && 'path' in error && 'value' in error
}
