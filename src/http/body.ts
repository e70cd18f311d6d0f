import { Elysia } from 'elysia'
import { AppError } from '../errors.ts'

/**
 * The whole body, at most `limitBytes`. Throws `payload_too_large`, before reading when Content-Length tells, and
 * `invalid_request` when the client leaves in the middle of it: that is no failure of ours.
 * The rest of a refused body is left unread and the connection open: closing it would destroy the answer on its way.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (Number(declared) > limitBytes) throw tooLarge()
  try {
    // Not looked at where a length is declared: `body` alone makes a stream, which stays as long as the request does.
    if (declared === null) return await readUndeclared(request.body, limitBytes)
    return new Uint8Array(await request.arrayBuffer())
  } catch (error) {
    throw request.signal.aborted ? brokenOff(error) : error
  }
}

/**
 * The body as JSON; `undefined` when there is none. Throws `payload_too_large`, and `invalid_request` for what is
 * not UTF-8 or not JSON. Does not look at the content type.
 */
export async function readJson(request: Request, limitBytes: number): Promise<unknown> {
  const bytes = await readBody(request, limitBytes)
  if (bytes.length === 0) return undefined
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('invalid_request', 'The body is not valid JSON')
  }
}

/**
 * For routes with a body schema: a JSON object only, at most `limitBytes`. Throws `unsupported_media_type` for a body of
 * another type. Reaches the routes of the instance that uses it.
 */
export function jsonBody(limitBytes: number) {
  return new Elysia({ name: 'json-body', seed: limitBytes }).onParse(
    { as: 'scoped' },
    async ({ request, contentType }) => {
      if (isJson(contentType)) return objectOf(await readJson(request, limitBytes))
      const bytes = await readBody(request, limitBytes)
      if (bytes.length === 0) return undefined
      throw new AppError('unsupported_media_type', 'The body must be application/json')
    },
  )
}

/** Where all fields are optional, the framework would take a list or a text for an object without any. */
function objectOf(body: unknown): unknown {
  if (body === undefined || body === null) return body
  if (typeof body === 'object' && !Array.isArray(body)) return body
  throw new AppError('invalid_request', 'The body must be a JSON object')
}

/** A request without Content-Length (chunked, HTTP/2 through a proxy): counted while it arrives. */
async function readUndeclared(body: ReadableStream<Uint8Array> | null, limitBytes: number) {
  if (body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limitBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks, size)
}

/** Deeper than anything that somebody has a reason to send. */
const maxDepth = 64

/**
 * Throws a SyntaxError for what is not JSON, or too deep: where a value is not of its schema the framework prints it
 * with each line indented, and of 60 kB that are nothing but brackets would make more than memory holds.
 * A key named `__proto__` would become the prototype of what the object is copied into.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError('nested too deeply')
  const mayHoldIt = text.includes('__proto__') || text.includes('\\u')
  return mayHoldIt ? JSON.parse(text, withoutPrototype) : JSON.parse(text)
}

/** Of text that may be no JSON at all. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) return true
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return false
}

const quote = 0x22
const backslash = 0x5c

/** Where the string that begins there has its closing quotation mark; the end of the text if nowhere. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before--
    if ((at - before) % 2 === 1) return at
  }
  return text.length
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function isJson(contentType: string | undefined): boolean {
  const type = (contentType ?? '').toLowerCase().trim()
  return type === 'application/json' || type.endsWith('+json')
}

function brokenOff(cause: unknown): AppError {
  return new AppError('invalid_request', 'The body broke off', { cause })
}

export function tooLarge(): AppError {
  return new AppError('payload_too_large', 'The body is too large')
}
