import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const invites = '/api/v1/admin/invites'
const settings = '/api/v1/admin/settings'
const register = '/api/v1/auth/register'

describeOnBothStacks('settings and invitations', (start) => {
  test('change what the site is called and by whom it answers, at once', async () => {
    await using house = await startAsAdmin(start, { MODELS: 'deepseek/other' })
    const { admin } = house
    expect((await admin.ask('GET', settings)).body).toEqual({
      site_name: 'CloudChat',
      footer: null,
      registration: 'open',
      default_model: null,
      sends_mail: true,
    })
    const wish = { site_name: '云聊', footer: 'ICP 123', default_model: 'deepseek/other' }
    expect((await admin.ask('PUT', settings, wish)).body).toEqual({
      ...wish,
      registration: 'open',
      sends_mail: true,
    })
    expect((await admin.ask('GET', '/api/v1/site')).body).toMatchObject({
      name: '云聊',
      footer: 'ICP 123',
      registration: 'open',
    })
    expect((await admin.ask('GET', '/info')).body.site_name).toBe('云聊')
    expect((await admin.ask('GET', '/api/v1/models')).body.items[0]).toMatchObject({
      id: 'deepseek/other',
      default: true,
    })
    await admin.ask('PUT', settings, { site_name: null, footer: '', default_model: null })
    expect((await admin.ask('GET', '/api/v1/site')).body).toMatchObject({ name: 'CloudChat', footer: null })
    for (const [wrong, path] of [
      [{ site_name: 'x'.repeat(61) }, 'site_name'],
      [{ footer: 'two\nlines' }, 'footer'],
      [{ default_model: 'nowhere/x' }, 'default_model'],
      [{ registration: 'everybody' }, 'registration'],
    ] as const) {
      const { status, body } = await admin.ask('PUT', settings, wrong)
      expect([wrong, status, body.errors[0].path]).toEqual([wrong, 400, path])
    }
  })

  test('say who may register: an invitation counts its uses, expires and is withdrawn', async () => {
    await using house = await startAsAdmin(start, { REGISTRATION: 'closed', LIMIT_REGISTER_IP: '0' })
    const { app, admin } = house
    const visitor = await startVisitor(app.url)
    const newcomer = (username: string, invite_code?: string) =>
      visitor('POST', register, { username, password: 'plinth-8 umbra', invite_code })
    expect((await newcomer('ann')).body.code).toBe('forbidden')
    const face = await visitor('POST', '/auth/register', {
      email: 'a@example.com',
      password: 'plinth-8 umbra',
    })
    expect([face.status, face.body]).toEqual([403, { ok: false, error: 'Registration is closed' }])

    await admin.ask('PUT', settings, { registration: 'invite' })
    const made = await admin.ask('POST', invites, {
      note: 'For the team',
      max_uses: 2,
      expires_at: '2026-03-02T12:00:00Z',
    })
    const { code, ...shown } = made.body
    expect([made.status, code]).toEqual([201, expect.stringMatching(/^[\w-]{22}$/)])
    expect((await newcomer('ann')).body.detail).toBe('Registration takes an invitation')
    for (const wrong of ['nonsense', code.replace(/.$/, code.endsWith('A') ? 'B' : 'A')]) {
      expect((await newcomer('ann', wrong)).body.errors).toMatchObject([{ path: 'invite_code' }])
    }
    expect((await newcomer('ann', code)).status).toBe(201)
    expect((await newcomer('ann', code)).body.code).toBe('username_taken')
    const race = await Promise.all(['bob', 'carol', 'dan'].map((name) => newcomer(name, code)))
    expect(race.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
    expect((await admin.ask('GET', invites)).body.items).toEqual([{ ...shown, uses: 2 }])

    const short = await admin.ask('POST', invites, { expires_at: '2026-03-01T12:00:01Z' })
    app.clock.advance(1)
    expect((await newcomer('erin', short.body.code)).status).toBe(400)
    const gone = await admin.ask('POST', invites, {})
    expect((await admin.ask('DELETE', `${invites}/${gone.body.id}`)).status).toBe(204)
    expect((await admin.ask('DELETE', `${invites}/${gone.body.id}`)).status).toBe(404)
    expect((await newcomer('erin', gone.body.code)).status).toBe(400)
    for (const body of [{ expires_at: '2026-02-01T00:00:00Z' }, { expires_at: 'soon' }, { max_uses: 0 }]) {
      expect((await admin.ask('POST', invites, body)).status).toBe(400)
    }
    const acts = await admin.ask('GET', '/api/v1/admin/audit-log')
    expect(JSON.stringify([acts.body, app.log])).not.toContain(code)
  })
})

async function startVisitor(url: string) {
  return async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    // biome-ignore lint/suspicious/noExplicitAny: each test knows what it has asked for
    return { status: response.status, body: (await response.json()) as any }
  }
}
