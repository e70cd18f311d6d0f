import { expect, test } from 'bun:test'
import { changePerson } from '../../../src/modules/auth/change-person.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { offerSetUp } from '../../../src/modules/auth/offer-set-up.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { resetPassword } from '../../../src/modules/auth/reset-password.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { ann, errorOf, openAccounts } from './accounts.ts'

const password = 'gazebo-4 umbra'

test('whoever started it becomes the administrator, by a link that is good once, for an hour, as long as there is none', async () => {
  await using accounts = await openAccounts(embeddedStack)
  const { deps, client, advance } = accounts
  const link = async () => /token=([\w-]{43})/.exec((await offerSetUp(deps)) ?? '')?.[1] ?? ''
  const first = await link()
  const second = await link()
  expect([first.length, second.length, first === second]).toEqual([43, 43, false])
  const tryLogIn = () => logIn(deps, { identifier: 'admin', password }, client)
  expect(await errorOf(tryLogIn())).toMatchObject({ code: 'invalid_credentials' })
  expect(await errorOf(resetPassword(deps, { token: first, password }, client))).toMatchObject({
    code: 'invalid_request',
  })
  advance(3601)
  expect(await errorOf(resetPassword(deps, { token: second, password }, client))).toMatchObject({
    code: 'invalid_request',
  })
  const third = await link()
  await resetPassword(deps, { token: third, password }, client)
  expect(await errorOf(resetPassword(deps, { token: third, password }, client))).toMatchObject({
    code: 'invalid_request',
  })
  const { user } = await tryLogIn()
  expect([user.role, await offerSetUp(deps)]).toEqual(['admin', null])
})

test('it is offered to nobody else who is called so', async () => {
  await using accounts = await openAccounts(embeddedStack)
  const { deps, client } = accounts
  const user = await register(deps, { ...ann, email: null, username: 'Admin' }, client)
  expect(await offerSetUp(deps)).toBeNull()
  await changePerson(deps.db, user.uid, { role: 'admin' })
  expect(await offerSetUp(deps)).toBeNull()
})
