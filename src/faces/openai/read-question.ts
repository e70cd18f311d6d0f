import { AppError } from '../../errors.ts'
import { readBody } from '../../http/body.ts'
import { noteWait } from '../../http/overhead.ts'
import { membersOf, type Span } from './json-members.ts'

/** A body as it came, and what it says. */
export interface Question {
  text: string
  fields: Record<string, unknown>
  /** Where each of them stands in the text. */
  members: Map<string, Span>
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Throws `payload_too_large`, `unsupported_media_type` and `invalid_request`. */
export async function readQuestion(request: Request, limitBytes: number): Promise<Question> {
  const type = request.headers.get('content-type') ?? ''
  if (type !== '' && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new AppError('unsupported_media_type', 'The body must be application/json')
  }
  const askedAt = performance.now()
  const bytes = await readBody(request, limitBytes).finally(() =>
    noteWait(request, performance.now() - askedAt),
  )
  const text = decode(bytes)
  const fields = parse(text)
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new AppError('invalid_request', 'The body must be a JSON object')
  }
  const members = membersOf(text)
  if (members === null) throw new AppError('invalid_request', 'The body has two fields of one name')
  return { text, fields: fields as Record<string, unknown>, members }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw notJson()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notJson()
  }
}

function notJson(): AppError {
  return new AppError('invalid_request', 'The body is not valid JSON')
}
