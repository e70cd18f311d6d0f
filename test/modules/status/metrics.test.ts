import { expect, test } from 'bun:test'
import { parsePrometheus } from '../../metrics/prometheus-text.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { rawRequest } from '../../support/raw-request.ts'

const token = 'canary-5b0e7c1d9f2a4386'

interface Asking {
  host?: string
  path?: string
  headers?: [string, string][]
}

function ask(app: TestApp, { host = 'localhost', path = '/metrics', headers = [] }: Asking = {}) {
  const port = Number(new URL(app.url).port)
  return rawRequest(port, { method: 'GET', path, headers: [['Host', host], ...headers] })
}

describeOnBothStacks('metrics', (start) => {
  test('can be read from this machine, as Prometheus reads them', async () => {
    await using app = await start()
    await app.visitor().get('/livez')
    for (const host of ['localhost', '127.0.0.1:5000', '[::1]:5000']) {
      const { status, headers, body } = await ask(app, { host })
      expect(status).toBe(200)
      expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8/)
      expect(headers.get('cache-control')).toContain('no-store')
      const { samples } = parsePrometheus(body)
      const name = 'cloudchat_http_requests_total{method="GET",route_class="status",status="200"}'
      expect(samples.get(name)).toBeGreaterThan(0)
    }
  })

  const refused: [string, Asking][] = [
    ['through a proxy', { headers: [['X-Forwarded-For', '198.51.100.7']] }],
    ['through a proxy, from a made-up address', { headers: [['X-Forwarded-For', '127.0.0.1']] }],
    ['through two proxies', { headers: [['X-Forwarded-For', '198.51.100.7, 127.0.0.1']] }],
    ['through a proxy that speaks the standard', { headers: [['Forwarded', 'for=127.0.0.1']] }],
    ['through a proxy that tells the scheme alone', { headers: [['X-Forwarded-Proto', 'https']] }],
    ['under another name, as a page elsewhere could', { host: 'chat.example.com' }],
    ['with a wrong token', { headers: [['Authorization', `Bearer ${token}x`]] }],
    ['with an empty token', { headers: [['Authorization', 'Bearer ']] }],
    [
      'with the token as something else',
      {
        headers: [
          ['X-Forwarded-For', '198.51.100.7'],
          ['Authorization', `Basic ${token}`],
        ],
      },
    ],
  ]
  test.each(refused)('%s they are refused', async (_how, asking) => {
    for (const env of [{}, { METRICS_TOKEN: token }] as Record<string, string>[]) {
      await using app = await start(env)
      const { status, body } = await ask(app, asking)
      expect(status).toBe(403)
      expect(JSON.parse(body)).toMatchObject({ code: 'forbidden' })
      expect(body).not.toContain('cloudchat_')
    }
  })

  test('whoever has the token reads them from anywhere', async () => {
    await using app = await start({ METRICS_TOKEN: token })
    const headers: [string, string][] = [
      ['X-Forwarded-For', '198.51.100.7'],
      ['Authorization', `bearer ${token}`],
    ]
    const { status, body } = await ask(app, { host: 'chat.example.com', headers })
    expect(status).toBe(200)
    expect(parsePrometheus(body).families.size).toBeGreaterThan(10)
  })

  test('without a token in the settings none opens them', async () => {
    await using app = await start()
    for (const sent of ['null', 'undefined', token]) {
      expect((await ask(app, { headers: [['Authorization', `Bearer ${sent}`]] })).status).toBe(403)
    }
  })

  test('nothing in them is about anybody, nor secret', async () => {
    const env = { METRICS_TOKEN: token, SECRET_KEY: `canary ${token}`, DEEPSEEK_API_KEY: 'sk-canary' }
    await using app = await start(env)
    const visitor = app.visitor()
    const email = 'canary@example.com'
    await visitor.post('/auth/register', { email, password: 'Canary-pass-7', display_name: 'canary' })
    await visitor.post('/auth/login', { identifier: email, password: 'Canary-pass-7' })
    await visitor.post('/deepseek_chat', { message: 'canary' })
    await visitor.get('/canary?token=canary')
    await visitor.fetch('/auth/canary', { method: 'PATCH', headers: { 'user-agent': 'canary' } })
    const { body } = await ask(app)
    parsePrometheus(body)
    expect(body).not.toMatch(/canary|sk-|127\.0\.0\.1|@/i)
  })
})

describeOnBothStacks('what the service is', (start) => {
  test('anybody may know', async () => {
    await using app = await start({ SITE_NAME: '张三的网站', METRICS_TOKEN: token })
    const response = await app.visitor().get('/info')
    expect(response.status).toBe(200)
    const info = await response.json()
    expect(info).toEqual({
      name: 'CloudChat',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      environment: 'development',
      site_name: '张三的网站',
      api: '/api/v1',
      models: 1,
      features: expect.arrayContaining(['streaming', 'resume', 'websocket', 'anonymous_chat']),
      time: app.clock.now.toISOString(),
    })
    expect(info.features).not.toContain('demo')
  })

  test('what is switched off is not among its features', async () => {
    await using app = await start({ ANONYMOUS_CHAT: '0', DEEPSEEK_API_KEY: '', DEEPSEEK_BASE_URL: '' })
    const { features } = await (await app.visitor().get('/info')).json()
    expect(features).toContain('demo')
    expect(features).not.toContain('anonymous_chat')
  })
})
