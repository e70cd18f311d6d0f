import { AppError } from '../../errors.ts'
import { readJson } from '../../http/body.ts'
import { strip } from './strip.ts'

const maxBodyBytes = 16 * 1024

export interface FieldRule {
  /** In code points, after trimming. */
  maxLength: number
  trim?: boolean
}

/**
 * The text fields of a JSON body; null is absent. Looks at nothing but the body, so that a malformed request costs
 * no counter and no query. Throws `payload_too_large`, and `invalid_request` with the texts of the front end.
 */
export async function readFields<Name extends string>(
  request: Request,
  rules: Record<Name, FieldRule>,
): Promise<Record<Name, string | null>> {
  const body = await readObject(request)
  const fields = {} as Record<Name, string | null>
  for (const name of Object.keys(rules) as Name[]) {
    fields[name] = readField(name, body[name], rules[name])
  }
  return fields
}

async function readObject(request: Request): Promise<Record<string, unknown>> {
  const body = await readJson(request, maxBodyBytes).catch(asObjectRequired)
  const isJson = /^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')
  if (!isJson || typeof body !== 'object' || body === null || Array.isArray(body)) throw objectRequired()
  return body as Record<string, unknown>
}

function asObjectRequired(error: unknown): never {
  throw error instanceof AppError && error.code === 'invalid_request' ? objectRequired() : error
}

function readField(name: string, value: unknown, { maxLength, trim }: FieldRule): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw new AppError('invalid_request', `${name} must be a string`)
  const text = trim ? strip(value) : value
  if (isLonger(text, maxLength)) throw new AppError('invalid_request', `${name} is too long`)
  return text
}

function isLonger(text: string, maxCodePoints: number): boolean {
  if (text.length <= maxCodePoints) return false
  if (text.length > 2 * maxCodePoints) return true
  return [...text].length > maxCodePoints
}

function objectRequired(): AppError {
  return new AppError('invalid_request', 'JSON object required')
}
