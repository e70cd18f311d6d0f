import { expect, setDefaultTimeout, test } from 'bun:test'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { logIn, startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const path = '/api/v1/admin/users'

describeOnBothStacks('people, for administrators', (start) => {
  test('are found, given a plan and a role, banned, let in again and logged out', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const ann = await house.person('ann_1@example.com')
    const bob = await house.person('bob@example.com')
    const all = await admin.ask('GET', path)
    expect(all.body.items.map(({ email }: { email: string }) => email)).toEqual([
      'bob@example.com',
      'ann_1@example.com',
      'root@example.com',
    ])
    expect(all.body.items[1]).toEqual({
      id: ann.id,
      email: 'ann_1@example.com',
      phone: null,
      username: null,
      display_name: null,
      role: 'user',
      plan: null,
      status: 'active',
      has_password: true,
      sessions: 1,
      last_login_at: app.clock.now.toISOString(),
      last_seen_at: app.clock.now.toISOString(),
      created_at: app.clock.now.toISOString(),
    })
    expect(JSON.stringify(all.body)).not.toMatch(/hash|argon/)
    const first = await admin.ask('GET', `${path}?limit=2`)
    const second = await admin.ask('GET', `${path}?limit=2&cursor=${first.body.next_cursor}`)
    expect([...first.body.items, ...second.body.items]).toEqual(all.body.items)

    expect((await admin.ask('PUT', `${path}/${ann.id}`, { plan: 'vip' })).body).toMatchObject({
      plan: 'vip',
      role: 'user',
    })
    for (const [query, ids] of [
      ['search=NN_', [ann.id]],
      ['search=%25', []],
      [`search=${bob.id}`, [bob.id]],
      ['role=admin', [admin.id]],
      ['plan=vip', [ann.id]],
      ['plan=default&role=user', [bob.id]],
      ['status=banned', []],
    ] as const) {
      const { body } = await admin.ask('GET', `${path}?${query}`)
      expect([query, body.items.map(({ id }: { id: string }) => id)]).toEqual([query, ids])
    }

    await bob.ask('PUT', '/api/v1/users/me', { display_name: 'Zoë' })
    app.clock.advance(60_000)
    await ann.ask('GET', '/api/v1/users/me')
    for (const [query, ids] of [
      ['sort=created&order=asc', [admin.id, ann.id, bob.id]],
      ['sort=name&order=asc', [ann.id, admin.id, bob.id]],
      ['sort=name', [bob.id, admin.id, ann.id]],
      ['sort=plan', [ann.id, bob.id, admin.id]],
      ['sort=role&order=asc', [admin.id, ann.id, bob.id]],
      ['sort=status', [bob.id, ann.id, admin.id]],
      ['sort=sessions&order=asc', [admin.id, ann.id, bob.id]],
      ['sort=last_login', [bob.id, ann.id, admin.id]],
    ] as const) {
      // One a page: each goes on where the one before has ended.
      const found: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await admin.ask('GET', `${path}?${query}&limit=1&cursor=${cursor}`)
        found.push(...body.items.map(({ id }: { id: string }) => id))
        cursor = body.next_cursor
      }
      expect([query, found]).toEqual([query, [...ids]])
    }
    const seen = await admin.ask('GET', `${path}?sort=last_seen`)
    const moments = seen.body.items.map((one: { last_seen_at: string }) => one.last_seen_at)
    expect(moments).toEqual(moments.toSorted().reverse())
    expect(new Set(moments).size).toBeGreaterThan(1)
    const foreign = first.body.next_cursor
    for (const query of ['sort=password', 'order=up', `sort=name&cursor=${foreign}`, 'cursor=e30']) {
      const { status, body } = await admin.ask('GET', `${path}?${query}`)
      expect([query, status, body.code]).toEqual([query, 400, 'invalid_request'])
    }

    const { body: key } = await bob.ask('POST', '/api/v1/keys', { name: 'A program' })
    const credentials = { email: 'bob@example.com', password: 'plinth-8 umbra' }
    const { body: tokens } = await bob.ask('POST', '/api/v1/auth/login', {
      identifier: credentials.email,
      password: credentials.password,
    })
    const letIn = async () => [
      (await bob.ask('GET', '/api/v1/users/me')).status,
      await statusOf(`${app.url}/api/v1/users/me`, tokens.access_token),
      (await bob.ask('POST', '/api/v1/auth/refresh', { refresh_token: tokens.refresh_token })).status,
      await statusOf(`${app.url}/v1/models`, key.key),
    ]
    expect((await letIn()).map((status) => status < 300)).toEqual([true, true, true, true])
    expect((await admin.ask('PUT', `${path}/${bob.id}/ban`, { reason: 'spam' })).status).toBe(204)
    expect(await letIn()).toEqual([401, 401, 401, 401])
    expect((await admin.ask('GET', `${path}/${bob.id}`)).body).toMatchObject({
      status: 'banned',
      sessions: 0,
    })
    await expect(logIn(app, credentials).then(() => null, String)).resolves.toContain('invalid_credentials')
    expect((await admin.ask('DELETE', `${path}/${bob.id}/ban`)).status).toBe(204)
    const again = await logIn(app, credentials)
    expect((await admin.ask('DELETE', `${path}/${bob.id}/sessions`)).status).toBe(204)
    expect((await again.ask('GET', '/api/v1/users/me')).status).toBe(401)

    const acts = await admin.ask('GET', '/api/v1/admin/audit-log')
    expect(acts.body.items.map(({ action }: { action: string }) => action)).toEqual([
      'user.end_sessions',
      'user.unban',
      'user.ban',
      'user.update',
    ])
    expect(acts.body.items[2].after).toEqual({ reason: 'spam' })
    expect(acts.body.items[3]).toMatchObject({
      target_id: ann.id,
      before: { plan: null },
      after: { plan: 'vip' },
    })
  })

  test('get accounts without a password, and a link by which they set it', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const made = await admin.ask('POST', path, {
      username: 'carol',
      role: 'admin',
      delivery: 'link',
      plan: 'vip',
    })
    expect([made.status, made.body.user.has_password, made.body.user.role]).toEqual([201, false, 'admin'])
    const token = /token=([\w-]{43})/.exec(made.body.password_link)?.[1]
    const reset = { token, new_password: 'gazebo-4 umbra' }
    expect((await admin.ask('POST', '/api/v1/auth/reset-password', reset)).status).toBe(204)
    expect((await admin.ask('POST', '/api/v1/auth/reset-password', reset)).status).toBe(400)
    const carol = await logIn(app, { email: 'carol', password: 'gazebo-4 umbra' })
    expect((await carol.ask('GET', path)).status).toBe(200)

    const mailed = await admin.ask('POST', path, { email: 'dan@example.com', delivery: 'mail', locale: 'en' })
    expect([mailed.status, mailed.body.password_link]).toEqual([201, null])
    expect((await admin.ask('POST', `${path}/${mailed.body.user.id}/reset-mail`)).status).toBe(204)
    await sendDueLetters(app.deps)
    expect(app.mail.letters.map(({ subject }) => subject).toSorted()).toEqual([
      'CloudChat - Reset your password',
      'CloudChat - Your account',
    ])

    for (const [body, code] of [
      [{ delivery: 'link' }, 'invalid_request'],
      [{ username: 'erin', delivery: 'mail' }, 'invalid_request'],
      // Mails are sent here: nobody but its owner sees the link.
      [{ email: 'erin@example.com', delivery: 'link' }, 'invalid_request'],
      [{ username: 'erin', delivery: 'link', plan: 'No such' }, 'invalid_request'],
      [{ username: 'erin', delivery: 'link', password: 'x' }, null],
      [{ username: 'CAROL', delivery: 'link' }, 'username_taken'],
    ] as const) {
      expect([body, (await admin.ask('POST', path, body)).body.code ?? null]).toEqual([body, code])
    }
    expect((await admin.ask('POST', `${path}/${made.body.user.id}/reset-mail`)).body.code).toBe(
      'invalid_request',
    )
    expect(JSON.stringify(app.log)).not.toContain(token ?? '')
  })

  test('keep one administrator, whoever acts at the same moment', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    for (const body of [undefined, { reason: null }]) {
      expect((await admin.ask('PUT', `${path}/${admin.id}/ban`, body)).body.code).toBe('conflict')
    }
    expect((await admin.ask('PUT', `${path}/${admin.id}`, { role: 'user' })).body.code).toBe('conflict')
    const ann = await house.person('ann@example.com')
    await admin.ask('PUT', `${path}/${ann.id}`, { role: 'admin' })
    app.clock.advance(1)
    const answers = await Promise.all([
      admin.ask('PUT', `${path}/${ann.id}`, { role: 'user' }),
      ann.ask('PUT', `${path}/${admin.id}`, { role: 'user' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).not.toEqual([200, 200])
    const { rows } = { rows: await app.deps.db.query.users.findMany() }
    expect(rows.filter(({ role }) => role === 'admin').length).toBe(1)
  })

  test('are nobody else’s affair', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const ann = await house.person('ann@example.com')
    const routes = app.routes.filter(({ path }) => path.startsWith('/api/v1/admin/'))
    expect(routes.length).toBeGreaterThan(20)
    for (const { method, path } of routes) {
      const target = path.replace(':id', admin.id)
      const body = method === 'POST' || method === 'PUT' ? bodies[path] : undefined
      const nobody = await fetch(app.url + target, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      const person = await ann.ask(method, target, body)
      expect([method, path, nobody.status, person.status]).toEqual([method, path, 401, 403])
    }
    for (const id of ['nobody', '%00', 'x'.repeat(200)]) {
      expect((await admin.ask('GET', `${path}/${id}`)).status).toBe(404)
      expect((await admin.ask('PUT', `${path}/${id}/ban`)).status).toBe(404)
    }
  })
})

/** What a route must have been sent before it looks at who has sent it. */
const bodies: Record<string, object> = {
  '/api/v1/admin/plans': { name: 'basic', limits: { tokens_day: 1 } },
  '/api/v1/admin/plans/:name': { limits: { tokens_day: 1 } },
  '/api/v1/admin/top-up-codes': { micros: 1 },
  [`${path}/:id/balance`]: { micros: 1 },
  [`${path}/:id/quota`]: {},
  [path]: { username: 'mallory', delivery: 'link' },
  [`${path}/:id`]: { role: 'admin' },
  '/api/v1/admin/models': { provider: 'deepseek', upstream: 'new' },
  '/api/v1/admin/models/:id': {},
  '/api/v1/admin/provider-keys': { provider: 'deepseek', key: 'sk-mallory' },
  '/api/v1/admin/provider-keys/:id': {},
  '/api/v1/admin/invites': {},
  '/api/v1/admin/settings': {},
}

async function statusOf(url: string, token: string): Promise<number> {
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
}
