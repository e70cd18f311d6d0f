import { AppError } from '../errors.ts'
import { tooLarge } from './body.ts'

/**
 * The body as it arrives, for what is too large to be held: whoever reads slowly makes the client wait. Throws
 * `payload_too_large`, at once when Content-Length tells; while reading also `invalid_request`, when the client leaves
 * or says nothing for `stallSeconds`.
 */
export function bodyChunks(
  request: Request,
  { limitBytes, stallSeconds }: { limitBytes: number; stallSeconds: number },
): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length')) > limitBytes) throw tooLarge()
  return chunksOf(request, limitBytes, stallSeconds)
}

async function* chunksOf(
  request: Request,
  limitBytes: number,
  stallSeconds: number,
): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader()
  if (reader === undefined) return
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), stallSeconds)
      if (done) return
      bytes += value.length
      if (bytes > limitBytes) throw tooLarge()
      yield value
    }
  } catch (error) {
    throw error instanceof AppError ? error : brokenOff(error)
  } finally {
    // Of a body that is at its end, or whose client has left, there is nothing to give up.
    reader.cancel().catch(() => {})
  }
}

async function inTime<T>(work: Promise<T>, seconds: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(brokenOff(new Error('nothing more came'))), seconds * 1000)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function brokenOff(cause: unknown): AppError {
  return new AppError('invalid_request', 'The body broke off', { cause })
}
