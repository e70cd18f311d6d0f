import type { ErrorCode } from '../../errors.ts'
import type { Operation } from '../../lib/operation.ts'
import { statusOfCode } from '../../lib/problem.ts'
import { errorMeanings } from './error-meanings.ts'

export type ErrorShape = 'problem' | 'flat' | 'ok-flat' | 'openai'

/** What matters of a route for how it can be refused. */
export interface Refusable {
  method: string
  shape: ErrorShape
  auth: 'user' | 'admin' | 'key' | null
  /** An API key with a certain scope will do. */
  hasScope: boolean
  /** It reads a body. */
  hasBody: boolean
}

/** The answers to refused requests, by status. */
export function refusalsOf(route: Refusable, { codes = [], texts = {} }: Pick<Operation, 'codes' | 'texts'>) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...codes, ...usualCodes(route)])) {
    const status = statusOfCode(code)
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const sorted = [...byStatus].sort(([a], [b]) => a - b)
  return Object.fromEntries(
    sorted.map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\`: ${errorMeanings[code]}`).join('\n\n'),
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': retryAfter } } : {}),
        content: contentOf(route.shape, ofStatus, texts),
        'x-codes': ofStatus,
      },
    ]),
  )
}

/** Of all routes of its kind. */
function usualCodes({ method, shape, auth, hasScope, hasBody }: Refusable): ErrorCode[] {
  return [
    // A name in `Host` that is not one of TRUSTED_HOSTS.
    'invalid_request',
    'internal',
    ...((auth === null
      ? []
      : ['unauthenticated', 'token_expired', 'rate_limited', 'dependency_down']) as ErrorCode[]),
    // Another site is behind it, or a key that is not for this.
    ...((auth === 'admin' || hasScope || method !== 'get' ? ['forbidden'] : []) as ErrorCode[]),
    ...((hasBody ? ['payload_too_large'] : []) as ErrorCode[]),
    ...((hasBody && (shape === 'problem' || shape === 'openai')
      ? ['unsupported_media_type']
      : []) as ErrorCode[]),
  ]
}

const retryAfter = { $ref: '#/components/headers/Retry-After' }

function contentOf(shape: ErrorShape, codes: ErrorCode[], texts: NonNullable<Operation['texts']>) {
  if (shape === 'problem') {
    const schema = { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } }
    return { 'application/problem+json': { schema } }
  }
  if (shape === 'openai')
    return { 'application/json': { schema: { $ref: '#/components/schemas/OpenAiError' } } }
  const known = codes.flatMap((code) => [...(texts[code] ?? []), ...(usualTexts[code] ?? [])])
  const $ref = `#/components/schemas/${shape === 'flat' ? 'FlatError' : 'FlatRefusal'}`
  // A body that is too large is refused before any path is looked at.
  const other = codes.includes('payload_too_large') ? '#/components/schemas/FlatError' : $ref
  return {
    'application/json': { schema: { $ref: other, properties: { error: { enum: [...new Set(known)] } } } },
  }
}

/** Of the errors that are told by their text. */
const usualTexts: Partial<Record<ErrorCode, readonly string[]>> = {
  invalid_request: ['Unknown host'],
  forbidden: ['Cross-site request refused'],
  payload_too_large: ['Request body is too large'],
  dependency_down: ['Service unavailable'],
  internal: ['Something went wrong'],
}
