import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { malformedBodies, play, type Scenario } from './scenario.ts'

const password = 'correct horse 1'
const app = await startApp(embeddedStack, { LIMIT_REGISTER_IP: '0', LIMIT_REGISTER_EMAIL: '0' })
afterAll(() => app[Symbol.asyncDispose]())
const url = `${app.url}/auth/register`

const refused = (error: string, status = 400) => ({ status, answer: { ok: false, error } })
const created = { status: 201, answer: { ok: true } }

const scenarios: Scenario[] = [
  ...malformedBodies('email', true),
  { name: 'nothing', body: {}, ...refused('email required') },
  { name: 'no e-mail', body: { phone: '+8613800000000', password }, ...refused('email required') },
  { name: 'a blank e-mail', body: { email: ' \u3000', password }, ...refused('email required') },
  { name: 'an e-mail that is none', body: { email: 'a@b', password }, ...refused('Invalid email') },
  {
    name: 'an e-mail before a weak password',
    body: { email: 'a b@c.d', password: 'x' },
    ...refused('Invalid email'),
  },
  {
    name: 'a long e-mail',
    body: { email: `${'a'.repeat(250)}@b.c`.padEnd(255, 'c') },
    ...refused('email is too long'),
  },
  {
    name: 'a long phone',
    body: { email: 'a@b.c', phone: '1'.repeat(33), password },
    ...refused('phone is too long'),
  },
  {
    name: 'a long password',
    body: { email: 'a@b.c', password: 'x1'.repeat(65) },
    ...refused('password is too long'),
  },
  {
    name: 'a long name',
    body: { email: 'a@b.c', password, display_name: 'x'.repeat(81) },
    ...refused('display_name is too long'),
  },
  { name: 'no password', body: { email: 'a@b.c' }, ...refused('Weak password') },
  { name: 'a short password', body: { email: 'a@b.c', password: 'abc1234' }, ...refused('Weak password') },
  {
    name: 'a password of one kind',
    body: { email: 'a@b.c', password: 'abcdefgh' },
    ...refused('Weak password'),
  },
  { name: 'all that is needed', body: { email: ' Ada@Example.com ', password }, ...created },
  {
    name: 'the same e-mail in other letters',
    body: { email: 'ADA@example.COM', password },
    ...refused('Email already registered', 409),
  },
  {
    name: 'everything',
    body: { email: 'b@example.com', phone: ' +8613800000000 ', password, display_name: ' 贝贝 ' },
    ...created,
  },
  {
    name: 'the same phone',
    body: { email: 'c@example.com', phone: '+8613800000000', password },
    ...refused('Phone already registered', 409),
  },
  {
    name: 'nulls for what is absent',
    body: { email: 'd@example.com', phone: null, password, display_name: null },
    ...created,
  },
]

describe('POST /auth/register', () => {
  test.each(scenarios)('$name', async (scenario) => {
    const response = await play(url, scenario)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('one of two at the same moment is told that the e-mail is taken', async () => {
    const body = { email: 'race@example.com', password }
    const statuses = await Promise.all(
      [1, 2].map(async () => (await app.visitor().post('/auth/register', body)).status),
    )
    expect(statuses.toSorted()).toEqual([201, 409])
  })

  test('logs nobody in', async () => {
    const visitor = app.visitor()
    await visitor.post('/auth/register', { email: 'e@example.com', password })
    expect((await visitor.get('/auth/me')).status).toBe(401)
  })
})

describe('the limits of POST /auth/register', () => {
  test('count weak passwords and taken names, but no malformed request and no bad e-mail', async () => {
    await using limited = await startApp(embeddedStack, { LIMIT_REGISTER_IP: '3/3600' })
    const post = async (body: unknown) => (await limited.visitor().post('/auth/register', body)).status
    for (const body of [{}, [], { email: 'x' }, { email: 1 }]) expect(await post(body)).toBe(400)
    expect(await post({ email: 'a@b.c', password: 'weak' })).toBe(400)
    expect(await post({ email: 'a@b.c', password })).toBe(201)
    expect(await post({ email: 'a@b.c', password })).toBe(409)
    const response = await limited.visitor().post('/auth/register', { email: 'a@b.d', password })
    expect(response.status).toBe(429)
    expect(await response.json()).toEqual({ ok: false, error: 'Too many requests' })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await post({ email: 'x' })).toBe(400)
  })

  test('count each e-mail as well', async () => {
    await using limited = await startApp(embeddedStack, { LIMIT_REGISTER_EMAIL: '1/3600' })
    const post = async (email: string) =>
      (await limited.visitor().post('/auth/register', { email, password: 'weak' })).status
    expect(await post('a@b.c')).toBe(400)
    expect(await post('A@b.c')).toBe(429)
    expect(await post('b@b.c')).toBe(400)
  })
})
