import { ensureAdmin } from '../../../src/modules/auth/ensure-admin.ts'
import type { StartApp, TestApp } from '../../support/harness.ts'
import type { Visitor } from '../../support/visitor.ts'

const admin = { email: 'root@example.com', password: 'vexing-7 quince' }

/** A service with an administrator who is logged in. */
export interface AdminApp extends AsyncDisposable {
  app: TestApp
  admin: Person
  /** Somebody else with an account, logged in. */
  person(email: string): Promise<Person>
}

/** Speaks JSON and keeps the cookies of one browser. */
export interface Person extends Visitor {
  id: string
  /** The status, and the body if there is one. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it has asked for
  body: any
}

export async function startAsAdmin(start: StartApp, env: Record<string, string> = {}): Promise<AdminApp> {
  const app = await start({ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, ...env })
  await ensureAdmin(app.deps)
  return {
    app,
    admin: await logIn(app, admin),
    async person(email) {
      const password = 'plinth-8 umbra'
      const person = talkative(app.visitor())
      const { status, body } = await person.ask('POST', '/api/v1/auth/register', {
        email,
        password,
        session: 'cookie',
      })
      if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`)
      return { ...person, id: body.user.id }
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

export async function logIn(
  app: TestApp,
  { email, password }: { email: string; password: string },
): Promise<Person> {
  const person = talkative(app.visitor())
  const { status, body } = await person.ask('POST', '/api/v1/auth/login', {
    identifier: email,
    password,
    session: 'cookie',
  })
  if (status !== 200) throw new Error(`log in: ${status} ${JSON.stringify(body)}`)
  return { ...person, id: body.user.id }
}

function talkative(visitor: Visitor): Person {
  return {
    ...visitor,
    id: '',
    async ask(method, path, body) {
      const response = await visitor.fetch(path, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    },
  }
}
