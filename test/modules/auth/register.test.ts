import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { ann, errorOf, openAccounts } from './accounts.ts'

describeOnStacks('registering', (stack) => {
  test('makes an account that can log in by each of its names', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const names = {
      email: ' Ann@Example.com ',
      phone: ' +86 138-0013-8000 ',
      username: 'Ann_77',
      displayName: ' 安 ',
    }
    const user = await register(deps, { ...names, password: ann.password }, client)
    expect(user).toMatchObject({
      email: 'ann@example.com',
      phone: '+86 138-0013-8000',
      username: 'Ann_77',
      displayName: '安',
      role: 'user',
      locale: 'en',
      isActive: true,
      createdAt: deps.now(),
    })
    expect(user.uid).toMatch(/^[0-9a-f]{12}$/)
    for (const identifier of ['ANN@example.com', '+86 138-0013-8000', 'ann_77', ' Ann_77 ']) {
      const loggedIn = await logIn(deps, { identifier, password: ann.password }, client)
      expect(loggedIn.user).toEqual(user)
    }
  })

  test('one name is enough, none is not', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const nameless = { email: ' ', phone: null, username: null, displayName: null, password: ann.password }
    await register(deps, { ...nameless, username: 'ben' }, client)
    await register(deps, { ...nameless, phone: '13800138000' }, client)
    const refused = register(deps, nameless, client)
    expect(await errorOf(refused)).toMatchObject({ code: 'invalid_request', faults: [{ path: 'email' }] })
  })

  test('every name is taken once, in any case of letters', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const names = { email: 'ann@example.com', phone: '13800138000', username: 'Ann' }
    const rest = { displayName: null, password: ann.password }
    const none = { email: null, phone: null, username: null }
    await register(deps, { ...names, ...rest }, client)
    const again = (changes: object) =>
      register(deps, { ...none, ...rest, ...changes }, client).catch((error: { code: string }) => error.code)
    expect(await again({ ...names })).toBe('email_taken')
    expect(await again({ email: 'ANN@example.com' })).toBe('email_taken')
    expect(await again({ email: 'new@example.com', phone: names.phone })).toBe('phone_taken')
    expect(await again({ username: 'aNN' })).toBe('username_taken')
  })

  test('of many at once with one address exactly one wins, and nothing is left of the others', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_REGISTER_EMAIL: '0' })
    const { deps, client } = accounts
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        register(deps, ann, client).then(
          () => 'registered',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    expect(outcomes.sort()).toEqual([
      'email_taken',
      'email_taken',
      'email_taken',
      'email_taken',
      'registered',
    ])
    const counts = await deps.db.execute(
      sql`select (select count(*) from users)::int as users, (select count(*) from credentials)::int as credentials`,
    )
    expect(rowsOf<object>(counts)).toEqual([{ users: 1, credentials: 1 }])
    expect(await accounts.letters()).toHaveLength(1)
  })

  test('a welcome is sent in the language of the visitor', async () => {
    await using accounts = await openAccounts(stack, { SITE_NAME: 'Our Chat' })
    await register(accounts.deps, ann, { ...accounts.client, locale: 'zh' })
    await register(accounts.deps, { ...ann, email: 'ben@example.com' }, accounts.client)
    const letters = await accounts.letters()
    expect(letters.map(({ to, subject }) => [to, subject]).sort()).toEqual([
      ['ann@example.com', 'Our Chat - 注册成功'],
      ['ben@example.com', 'Our Chat - Welcome'],
    ])
  })

  test('limits come before weak passwords and taken names, and those count', async () => {
    await using accounts = await openAccounts(stack, {
      LIMIT_REGISTER_EMAIL: '2/60',
      LIMIT_REGISTER_IP: '4/60',
    })
    const { deps, client } = accounts
    const outcome = (email: string, password: string, ip = client.ip) =>
      register(deps, { ...ann, email, password }, { ...client, ip }).then(
        () => 'registered',
        (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
      )
    expect(await outcome('nonsense', 'weak')).toBe('invalid_request: Invalid email')
    expect(await outcome('ann@example.com', 'weak')).toBe('invalid_request: Weak password')
    expect(await outcome('ann@example.com', ann.password)).toBe('registered')
    expect(await outcome('ann@example.com', 'weak')).toBe('rate_limited: Too many requests')
    expect(await outcome('ben@example.com', ann.password)).toBe('registered')
    expect(await outcome('cid@example.com', ann.password)).toBe('rate_limited: Too many requests')
    // Refused for the address of the network, so it did not count against the e-mail address.
    expect(await outcome('cid@example.com', 'weak', '203.0.113.8')).toBe('invalid_request: Weak password')
    expect(await outcome('cid@example.com', ann.password, '203.0.113.8')).toBe('registered')
  })

  test('a whole IPv6 subnet counts as one visitor', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_REGISTER_IP: '1/60' })
    const { deps, client } = accounts
    await register(deps, ann, { ...client, ip: '2001:db8:1:2::1' })
    const neighbour = register(
      deps,
      { ...ann, email: 'b@example.com' },
      { ...client, ip: '2001:db8:1:2:3:4:5:6' },
    )
    expect(await errorOf(neighbour)).toMatchObject({ code: 'rate_limited' })
  })

  test('what could be mistaken for another name, or not be stored, is refused', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_REGISTER_IP: '0' })
    const { deps, client } = accounts
    const wrong: [object, string][] = [
      [{ phone: 'ben' }, 'phone'],
      [{ username: '13800138000' }, 'username'],
      [{ username: 'ben@example.com' }, 'username'],
      [{ displayName: 'a\u0000b' }, 'display_name'],
      [{ displayName: 'x'.repeat(81) }, 'display_name'],
      [{ email: 'a\u0000@b.cd' }, 'email'],
      [{ password: 'ann@example.com' }, 'password'],
    ]
    for (const [changes, path] of wrong) {
      const refused = await register(deps, { ...ann, ...changes }, client).catch((error: unknown) => error)
      expect([changes, refused]).toMatchObject([changes, { code: 'invalid_request', faults: [{ path }] }])
    }
  })
})
