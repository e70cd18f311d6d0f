import { AppError } from '../errors.ts'
import type { Access } from './access.ts'
import { appErrorOf } from './failures.ts'
import { codeOfStatus, type Fault, faultOfErrorObject } from './fault.ts'
import { judged } from './judge.ts'
import { retryAfterOf } from './provider-fetch.ts'
import { redact } from './redact.ts'

/** What `providerFetch` has made of an answer that is not ok. */
export async function faultOfResponse(response: Response): Promise<Fault> {
  const { error } = (await response.json()) as { error?: { message?: unknown } }
  const retryAfterSeconds = retryAfterOf(response.headers)
  return judged({
    code: codeOfStatus(response.status),
    status: response.status,
    reason: response.status < 400 ? 'a redirect: the base URL should be where it leads to' : 'refused',
    excerpt: typeof error?.message === 'string' ? error.message : '',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}

const errorAhead = /^\s*(?:event:[^\n]*\n)?(?:data:\s*)?\{\s*"error"\s*:\s*[{"]/
const longestError = 16 * 1024

/** The fault that an answer with a good status begins with; null: it begins as it should. */
export function faultIn(first: Uint8Array): Fault | null {
  const bytes = Buffer.from(first.buffer, first.byteOffset, Math.min(first.byteLength, longestError))
  // Nearly all begin with an id.
  if (!errorAhead.test(bytes.toString('latin1', 0, 64))) return null
  const text = bytes.toString()
  try {
    const json = text.slice(text.indexOf('{')).split(/\r?\n\r?\n/, 1)[0] ?? ''
    return faultOfErrorObject((JSON.parse(json) as { error: unknown }).error)
  } catch {
    return null
  }
}

interface Words {
  message?: unknown
  param?: unknown
  code?: unknown
}

/**
 * What whoever asked is told about a failure. Where the question is at fault he needs the provider's own words to
 * mend it: without keys, addresses, and whatever looks like them.
 */
export function refusalFor(fault: Fault, access: Access): AppError {
  const { status, excerpt } = fault
  if (status === null || ![400, 404, 413, 415, 422].includes(status)) return appErrorOf(fault)
  const { message, param, code } = wordsIn(excerpt)
  const text = typeof message === 'string' ? withoutAddresses(message, access) : ''
  return new AppError('invalid_request', text || 'The model refused the request', {
    ...(typeof param === 'string' && isWord(param) ? { faults: [{ path: param, message: text }] } : {}),
    ...codeFor(fault, code),
  })
}

/** The words for it that OpenAI's clients know. */
const knownForContent = ['content_filter', 'content_policy_violation', 'moderation_blocked']

function codeFor({ blames }: Fault, code: unknown): { extra?: { code: string } } {
  const isKnown = typeof code === 'string' && knownForContent.includes(code)
  if (blames === 'content' && !isKnown) return { extra: { code: 'content_policy_violation' } }
  return typeof code === 'string' && isWord(code) ? { extra: { code } } : {}
}

/** OpenAI's way to say it, or others' `{ message }` and `{ detail }`. */
function wordsIn(excerpt: string): Words {
  try {
    const body = JSON.parse(excerpt) as Words & { error?: Words | string; detail?: unknown }
    if (typeof body.error === 'string') return { message: body.error }
    return body.error ?? { ...body, message: body.message ?? body.detail }
  } catch {
    return {}
  }
}

function withoutAddresses(message: string, { apiKey, baseUrl }: Access): string {
  const { host, hostname } = new URL(baseUrl)
  const text = message.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[address]')
  return redact(text, [apiKey, baseUrl, host, hostname])
}

function isWord(text: string): boolean {
  return /^[\w.[\]-]{1,100}$/.test(text)
}
