import { expect, test } from 'bun:test'
import { registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { startUpstream } from '../support/upstream.ts'

const admin = { identifier: 'root@example.com', password: 'vexing-7 quince' }

interface Window {
  unit: string
  period: string
  limit: number | null
  used: number
  resets_at: string
}

describeOnStacks('the executable', (stack) => {
  test('gives plans, holds people to them, and loses no row of the ledger when it is restarted', async () => {
    const upstream = startUpstream()
    await using service = await startBinaryOnStack(stack, {
      upstream: upstream.url,
      env: { ADMIN_EMAIL: admin.identifier, ADMIN_PASSWORD: admin.password, TIMEZONE: 'Asia/Shanghai' },
    })
    const root = await logIn(service.url)
    const ann = await registerPerson(service.url)
    const plan = { name: 'tiny', limits: { requests_day: 2 } }
    expect((await send(root, 'POST', '/admin/plans', plan)).status).toBe(201)
    const { items: people } = await (await send(root, 'GET', '/admin/users?role=user')).json()
    expect((await send(root, 'PUT', `/admin/users/${people[0].id}`, { plan: 'tiny' })).status).toBe(200)

    const talk = await ann.newConversation()
    for (let turn = 0; turn < 2; turn++) await (await ann.ask(talk, 'hello')).all()
    const refused = await ann.fetch(`/api/v1/conversations/${talk}/messages`, {
      method: 'POST',
      body: JSON.stringify({ content: 'hello' }),
    })
    expect(refused.status).toBe(429)
    const { windows } = await ann.json<{ windows: Window[] }>('GET', '/api/v1/users/me/quota')
    expect(windows[0]).toMatchObject({ unit: 'requests', period: 'day', limit: 2, used: 2 })
    expect(await refused.json()).toMatchObject({
      code: 'quota_exceeded',
      resets_at: windows[0]?.resets_at ?? '',
    })

    const made = await (await send(root, 'POST', '/admin/top-up-codes', { micros: 500 })).json()
    const { code } = made.items[0]
    expect(await ann.json('POST', '/api/v1/users/me/balance/redeem', { code })).toMatchObject({ micros: 500 })

    // Their rows are on their way when the process is told to end.
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => service.visitor().post('/chat', { message: 'hello' })),
    )
    await Promise.all(asked.map((response) => response.text()))
    expect(await service.restart()).toBe(0)

    const again = await logIn(service.url)
    const summary = await (await send(again, 'GET', '/admin/usage/summary')).json()
    expect(summary.total).toMatchObject({ calls: 22, failed: 0, total_tokens: 22 * 23 })
    const csv = await (await send(again, 'GET', '/admin/usage/records.csv?kind=chat')).text()
    expect(csv.split('\r\n').length).toBe(22)
    await upstream.stop()
  })
})

interface Administrator {
  url: string
  authorization: string
}

async function logIn(url: string): Promise<Administrator> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(admin),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return { url, authorization: `Bearer ${access_token}` }
}

function send({ url, authorization }: Administrator, method: string, path: string, body?: object) {
  return fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
}
