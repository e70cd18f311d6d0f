import type { AnswerOf, BodyOf } from './ask.ts'
import { type Excess, excessOf } from './excess.ts'
import { home } from './place.ts'
import type { TextKey } from './texts.ts'

/** A refusal in words that the page can show in either language. */
export class Refusal extends Error {
  constructor(
    readonly text: TextKey,
    /** 0: there was no answer at all. */
    readonly status = 0,
    /** What the server calls it; empty: it was not heard. */
    readonly code = '',
    /** The fields that it is about. */
    readonly fields: readonly string[] = [],
    /** Of what is too long. */
    readonly excess: Excess | null = null,
  ) {
    super(text)
  }

  /** The same may well work in a moment. */
  get isPassing(): boolean {
    return [0, 408, 429].includes(this.status) || this.status >= 502
  }
}

export type Account = AnswerOf<'GET', 'users/me'>['user']
export type Site = AnswerOf<'GET', 'site'>

export interface HistoryMessage {
  role: 'user' | 'assistant'
  content: string
}

export const fetchSite = () => call<Site>('GET', 'api/v1/site')
export const fetchMe = () => call<{ user: Account }>('GET', 'api/v1/users/me')
export const fetchHistory = () => call<{ messages: HistoryMessage[] }>('GET', 'chat_history')

export const register = (email: string, password: string, displayName: string, inviteCode: string) =>
  call<{ user: Account }>('POST', 'api/v1/auth/register', {
    email,
    password,
    ...(displayName === '' ? {} : { display_name: displayName }),
    ...(inviteCode === '' ? {} : { invite_code: inviteCode }),
    session: 'cookie',
  } satisfies BodyOf<'POST', 'auth/register'>)

export const logIn = (identifier: string, password: string) =>
  call<{ user: Account }>('POST', 'api/v1/auth/login', {
    identifier,
    password,
    session: 'cookie',
  } satisfies BodyOf<'POST', 'auth/login'>)

export const logOut = () => call<null>('POST', 'api/v1/auth/logout')
export const requestReset = (identifier: string) =>
  call<null>('POST', 'api/v1/auth/forgot-password', {
    identifier,
  } satisfies BodyOf<'POST', 'auth/forgot-password'>)
export const resetPassword = (token: string, newPassword: string) =>
  call<null>('POST', 'api/v1/auth/reset-password', {
    token,
    new_password: newPassword,
  } satisfies BodyOf<'POST', 'auth/reset-password'>)
export const forgetHistory = () => call<null>('POST', 'reset_chat')

/**
 * Sends a message and hands on each piece of the answer as it arrives.
 * Resolves at the end of the answer; rejects with a Refusal before it began, with anything else when it was cut.
 */
export async function chat(
  message: string,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await request('POST', 'deepseek_chat', { message }, signal)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    const text = lines.map(textOfLine).join('')
    if (text !== '') onText(text)
    if (done) return
  }
}

function textOfLine(line: string): string {
  if (line.trim() === '') return ''
  const parsed = JSON.parse(line)
  return typeof parsed.text === 'string' ? parsed.text : ''
}

/** After a sleep an answer may never come. */
const patienceMs = 20_000

export async function call<Answer>(
  method: string,
  path: string,
  body?: unknown,
  patience = patienceMs,
): Promise<Answer> {
  const response = await request(method, path, body, AbortSignal.timeout(patience))
  const text = await response.text()
  return text === '' ? (null as Answer) : JSON.parse(text)
}

/** Paths are relative to the start page, so that all this works under any prefix that a proxy serves it at. */
async function request(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  let response: Response
  try {
    response = await fetch(home() + path, {
      method,
      credentials: 'same-origin',
      ...(method === 'GET' || method === 'DELETE' ? {} : jsonBody(body ?? {})),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted && signal.reason?.name !== 'TimeoutError') throw error
    throw new Refusal('offline')
  }
  if (!response.ok) throw refusalOf(response.status, await response.text().catch(() => ''))
  return response
}

export function jsonBody(body: unknown): { headers: Record<string, string>; body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** What a status and the body that came with it mean to people. */
export function refusalOf(status: number, body: string): Refusal {
  const { code, faults } = readProblem(body)
  return new Refusal(refusalText(status, body, code, faults), status, code, faults, excessOf(body))
}

function refusalText(status: number, body: string, code: string, faults: string[]): TextKey {
  const known = refusalTexts[code]
  if (known !== undefined) return known
  if (faults.includes('token')) return 'linkInvalid'
  if (faults.includes('invite_code')) return 'inviteInvalid'
  if (faults.includes('email')) return 'emailInvalid'
  if (faults.includes('password') || faults.includes('new_password')) return 'passwordWeak'
  if (body.includes('Login required')) return 'loginNeeded'
  // A visitor's are counted otherwise.
  if (faults.includes('content') && body.includes('too long')) return 'messageTooLong'
  if (status === 413 || (status === 400 && body.includes('too long'))) return 'tooLong'
  if (status === 429) return 'busy'
  if (body.includes('Model is unavailable')) return 'modelUnavailable'
  if (status === 503) return 'serviceUnavailable'
  return 'failed'
}

const refusalTexts: Record<string, TextKey> = {
  invalid_credentials: 'wrongCredentials',
  email_taken: 'emailTaken',
  turn_running: 'turnRunning',
  too_many_turns: 'tooManyTurns',
  payload_too_large: 'messageTooLong',
  quota_exceeded: 'quotaExceeded',
}

function readProblem(body: string): { code: string; faults: string[] } {
  try {
    const problem = JSON.parse(body)
    const errors: unknown[] = Array.isArray(problem.errors) ? problem.errors : []
    return { code: String(problem.code ?? ''), faults: errors.map(faultPath) }
  } catch {
    return { code: '', faults: [] }
  }
}

function faultPath(fault: unknown): string {
  const path = typeof fault === 'object' && fault !== null && 'path' in fault ? String(fault.path) : ''
  return path.replace(/^\//, '')
}
