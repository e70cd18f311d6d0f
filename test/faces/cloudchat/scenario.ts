import { expect } from 'bun:test'

/** A request and the whole answer that the front end relies on. */
export interface Scenario {
  name: string
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is. */
  raw?: string
  contentType?: string | null
  status: number
  answer: unknown
}

/** Sends what the scenario says to a POST path. */
export function send(url: string, { body, raw, contentType = 'application/json' }: Omit<Scenario, 'name'>) {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const headers: Record<string, string> = contentType === null ? {} : { 'content-type': contentType }
  return fetch(url, { method: 'POST', headers, ...(text === undefined ? {} : { body: text }) })
}

export async function play(url: string, scenario: Scenario): Promise<Response> {
  const response = await send(url, scenario)
  const answer = await response.json()
  expect({ status: response.status, answer }).toEqual({ status: scenario.status, answer: scenario.answer })
  return response
}

/** What every POST with fields says about a body that is none. `ok`: on the account paths. */
export function malformedBodies(field: string, ok: boolean): Scenario[] {
  const refused = (error: string) => (ok ? { ok: false, error } : { error })
  const objectRequired = { status: 400, answer: refused('JSON object required') }
  return [
    { name: 'not JSON', raw: '{"', ...objectRequired },
    { name: 'an array', body: [], ...objectRequired },
    { name: 'a text', body: 'text', ...objectRequired },
    { name: 'null', body: null, ...objectRequired },
    { name: 'another content type', raw: '{}', contentType: 'text/plain', ...objectRequired },
    {
      name: 'a form',
      raw: `${field}=x`,
      contentType: 'application/x-www-form-urlencoded',
      ...objectRequired,
    },
    {
      name: 'a number in a field',
      body: { [field]: 1 },
      status: 400,
      answer: refused(`${field} must be a string`),
    },
    {
      name: 'a list in a field',
      body: { [field]: ['x'] },
      status: 400,
      answer: refused(`${field} must be a string`),
    },
    {
      name: 'a body of more than 16 KiB, which is refused without ok',
      body: { [field]: 'x'.repeat(16 * 1024) },
      status: 413,
      answer: { error: 'Request body is too large' },
    },
  ]
}

/** The attributes of the one cookie of this name, in lower case, with its value; null when it is not set. */
export function cookieOf(response: Response, name: string): Record<string, string> | null {
  const lines = response.headers.getSetCookie().filter((line) => line.startsWith(`${name}=`))
  expect(lines.length).toBeLessThanOrEqual(1)
  const [first, ...attributes] = lines[0]?.split('; ') ?? []
  if (first === undefined) return null
  const cookie: Record<string, string> = { value: first.slice(name.length + 1) }
  for (const attribute of attributes) {
    const [key = '', ...value] = attribute.split('=')
    cookie[key.toLowerCase()] = value.join('=')
  }
  return cookie
}
