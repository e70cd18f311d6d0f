import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { ensureAdmin } from '../../../src/modules/auth/ensure-admin.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, errorOf, openAccounts } from './accounts.ts'

const admin = { ADMIN_EMAIL: 'Root@Example.com', ADMIN_USERNAME: 'root_1', ADMIN_PASSWORD: 'vexing-7 quince' }

describeOnStacks('the first administrator', (stack) => {
  test('is created once, also by several instances that start together', async () => {
    await using accounts = await openAccounts(stack, admin)
    const { deps, client } = accounts
    await Promise.all([ensureAdmin(deps), ensureAdmin(deps), ensureAdmin(deps)])
    await ensureAdmin(deps)
    expect(await listRoles(accounts)).toEqual([['root@example.com', 'admin']])
    for (const identifier of ['root@example.com', 'root_1']) {
      const { user } = await logIn(deps, { identifier, password: admin.ADMIN_PASSWORD }, client)
      expect(user.role).toBe('admin')
    }
  })

  test('changes nothing about an account that is there', async () => {
    await using accounts = await openAccounts(stack, admin)
    const { deps, client } = accounts
    const password = 'plinth-8 umbra'
    await register(deps, { ...ann, email: 'root@example.com', password }, client)
    await ensureAdmin(deps)
    expect(await listRoles(accounts)).toEqual([['root@example.com', 'user']])
    await logIn(deps, { identifier: 'root@example.com', password }, client)
  })

  test('is nobody when the settings name nobody, and is refused with a weak password', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await ensureAdmin(deps)
    expect(await listRoles(accounts)).toEqual([])
    const weak = { email: 'root@example.com', username: null, password: 'password1' }
    const config = { ...deps.config, auth: { ...deps.config.auth, admin: weak } }
    expect(await errorOf(ensureAdmin({ ...deps, config }))).toMatchObject({
      message: 'ADMIN_PASSWORD is too weak',
    })
    expect(await listRoles(accounts)).toEqual([])
  })
})

async function listRoles({ deps }: Accounts) {
  const rows = rowsOf<{ email: string; role: string }>(
    await deps.db.execute(sql`select email, role from users`),
  )
  return rows.map(({ email, role }) => [email, role])
}
