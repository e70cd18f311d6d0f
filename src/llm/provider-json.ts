import type { Access } from './access.ts'
import { codeOfStatus, type Fault, ProviderFailure, unreadable } from './fault.ts'
import { judged } from './judge.ts'
import { retryAfterOf } from './provider-fetch.ts'
import { readAtMost } from './read-at-most.ts'

/** Four pictures in Base64 are in one answer. */
const maxAnswerBytes = 64 << 20
const maxErrorBytes = 16 << 10

export interface ProviderQuestion {
  /** Without one it is a GET. */
  body?: object
  headers?: Record<string, string>
  signal: AbortSignal
}

/** One question to a provider's API beside its chat, and its answer, an object. Throws ProviderFailure. */
export async function askProvider(
  { apiKey }: Pick<Access, 'apiKey'>,
  url: string,
  { body, headers, signal }: ProviderQuestion,
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': 'CloudChat',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    // Whoever redirects would get the key.
    redirect: 'manual',
    timeout: false,
  })
  if (!response.ok) throw await refusal(response)
  const bytes = await readAtMost(response, maxAnswerBytes)
  const answer: unknown = bytes === null ? null : parse(bytes)
  if (!isRecord(answer)) throw unreadable('an answer that cannot be read')
  return answer
}

async function refusal(response: Response): Promise<ProviderFailure> {
  const bytes = await readAtMost(response, maxErrorBytes)
  const retryAfterSeconds = retryAfterOf(response.headers)
  const text = new TextDecoder().decode(bytes ?? new Uint8Array())
  const fault: Fault = {
    code: codeOfStatus(response.status),
    status: response.status,
    reason: response.status < 400 ? 'a redirect: the base URL should be where it leads to' : 'refused',
    excerpt: text.slice(0, 400),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
  return new ProviderFailure(judged(fault, text))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
