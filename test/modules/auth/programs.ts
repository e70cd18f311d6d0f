import type { TestApp } from '../../support/harness.ts'
import { ann } from './accounts.ts'

/** A program: no cookies, tokens of its own. */
export interface Program {
  accessToken: string
  refreshToken: string
  /** With the access token, unless `authorization` says otherwise. */
  ask(method: string, path: string, body?: unknown, authorization?: string | null): Promise<Response>
  /** Exchanges the refresh token and keeps what comes. */
  refresh(): Promise<Response>
}

/** Registers `person` and keeps the tokens. */
export async function registerProgram(app: TestApp, person: object = { email: ann.email }): Promise<Program> {
  return programOf(app, 'register', { password: ann.password, ...person })
}

export async function logInProgram(app: TestApp, identifier: string = ann.email): Promise<Program> {
  return programOf(app, 'login', { identifier, password: ann.password })
}

async function programOf(app: TestApp, path: string, body: object): Promise<Program> {
  const program: Program = { accessToken: '', refreshToken: '', ask, refresh }
  await keep(await ask('POST', `/api/v1/auth/${path}`, body, null))
  return program

  function ask(
    method: string,
    path: string,
    body?: unknown,
    authorization: string | null = `Bearer ${program.accessToken}`,
  ): Promise<Response> {
    const headers = new Headers()
    if (authorization !== null) headers.set('authorization', authorization)
    if (body !== undefined) headers.set('content-type', 'application/json')
    return fetch(app.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async function refresh(): Promise<Response> {
    const response = await ask('POST', '/api/v1/auth/refresh', { refresh_token: program.refreshToken }, null)
    if (response.ok) await keep(response.clone())
    return response
  }

  async function keep(response: Response): Promise<void> {
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    const { access_token, refresh_token } = (await response.json()) as Record<string, string>
    program.accessToken = access_token ?? ''
    program.refreshToken = refresh_token ?? ''
  }
}

/** Its code, or its status when it is no problem. */
export async function codeOf(response: Response): Promise<string | number> {
  return response.ok ? response.status : ((await response.json()) as { code: string }).code
}

/** Where a request was refused as `invalid_request`; throws when it was not. */
export async function faultsOf(response: Response): Promise<string[]> {
  const { code, errors = [] } = await response.json()
  if (code !== 'invalid_request') throw new Error(`${response.status}: ${code}`)
  return errors.map(({ path }: { path: string }) => path)
}
