import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'

/** Throws `payload_too_large`; `invalid_request` for nothing but spaces, and for what the database cannot keep. */
export function checkContent({ config }: Pick<Deps, 'config'>, content: string): void {
  const bytes = Buffer.byteLength(content)
  const { maxMessageBytes } = config.turns
  if (bytes > maxMessageBytes) {
    throw new AppError(
      'payload_too_large',
      `A message may have ${maxMessageBytes} bytes at most; this one has ${bytes}`,
      { extra: { bytes, max_bytes: maxMessageBytes } },
    )
  }
  const fault = faultOf(content)
  if (fault === null) return
  throw new AppError('invalid_request', fault, { faults: [{ path: 'content', message: fault }] })
}

/** Room for a message and what comes with it; some encodings of JSON need twice the bytes of the text. */
export function maxRequestBytes({ turns }: Pick<Config, 'turns'>): number {
  return 2 * turns.maxMessageBytes + 64 * 1024
}

function faultOf(content: string): string | null {
  if (content.trim() === '') return 'The message is empty'
  if (content.includes('\0') || !content.isWellFormed()) return 'The message holds characters that are none'
  return null
}
