import { afterAll, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { problem } from '../../../src/http/problem.ts'
import { authGuard } from '../../../src/modules/auth/guard.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { ann, openAccounts } from './accounts.ts'

const accounts = await openAccounts(embeddedStack)
afterAll(() => accounts[Symbol.asyncDispose]())
const { deps, client } = accounts

const app = new Elysia()
  .use(problem({ shapeOf: () => 'problem', log: deps.log }))
  .use(authGuard(deps))
  .get('/open', () => 'anybody')
  .get('/mine', ({ user, sessionId }) => `${user.email} ${sessionId}`, { auth: 'user' })
  .get('/all', ({ user }) => user.role, { auth: 'admin' })

async function ask(path: string, token?: string) {
  const headers: Record<string, string> =
    token === undefined ? {} : { cookie: `${deps.config.auth.cookieName}=${token}` }
  const response = await app.handle(new Request(`http://localhost${path}`, { headers }))
  return [response.status, await response.text()] as const
}

test('routes without the option are open, the others know who asks', async () => {
  await register(deps, ann, client)
  const { token } = await logIn(deps, { identifier: ann.email, password: ann.password }, client)
  expect(await ask('/open')).toEqual([200, 'anybody'])
  for (const nobody of [undefined, '', 'nonsense', token.replace(/.$/, '-')]) {
    for (const path of ['/mine', '/all']) {
      const [status, text] = await ask(path, nobody)
      expect([status, JSON.parse(text).code]).toEqual([401, 'unauthenticated'])
    }
  }
  expect((await ask('/mine', token))[1]).toMatch(/^ann@example\.com [0-9a-f-]{36}$/)
  const [status, text] = await ask('/all', token)
  expect([status, JSON.parse(text).code]).toEqual([403, 'forbidden'])

  await deps.db.execute(sql`update users set role = 'admin'`)
  accounts.advance(1)
  expect(await ask('/all', token)).toEqual([200, 'admin'])
})
